import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { freePorts } from './ports.ts';

const nodePlace = z.object({ id: z.int(), port: z.int(), controllerPort: z.int() });
const layout = z.object({ clusterId: z.string(), places: z.array(nodePlace) });

/** Where one node of a local cluster listens. */
export type NodePlace = z.infer<typeof nodePlace>;
export type Layout = z.infer<typeof layout>;

/**
 * A cluster keeps its id, its size and its ports from run to run in DIR/cluster.json, so that its address stays the same. Other `ports` may be asked for.
 * @throws when the folder holds a cluster of another size, or the ports cannot be used.
 */
export async function planLayout(dir: string, brokers: 1 | 3, ports?: readonly number[]): Promise<Layout> {
  if (ports !== undefined) check(ports, brokers);
  const file = fileIn(dir);
  const known = existsSync(file) ? parse(await readFile(file, 'utf8'), file) : null;
  if (known !== null && known.places.length !== brokers) {
    throw new Error(
      `${dir} holds a cluster of ${known.places.length} broker(s), not ${brokers}: choose another folder, or delete it with its data`,
    );
  }
  const asked = ports ?? known?.places.map(({ port }) => port) ?? [];
  const spare = await freePorts(brokers * 2, asked);
  const places = Array.from({ length: brokers }, (_, i): NodePlace => {
    const port = asked[i] ?? spare[i * 2] ?? 0;
    const controller = known?.places[i]?.controllerPort;
    return {
      id: i + 1,
      port,
      controllerPort: controller === undefined || asked.includes(controller) ? (spare[i * 2 + 1] ?? 0) : controller,
    };
  });
  return { clusterId: known?.clusterId ?? newClusterId(), places };
}

/** 22 characters of base64url, as Kafka's own; like Kafka's never with a dash first, which its tools take for an option. */
export function newClusterId(random: (size: number) => Buffer = randomBytes): string {
  for (;;) {
    const id = random(16).toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}

/** Not part of planning: a start that is refused must leave no trace that a later one would have to obey. */
export async function keepLayout(dir: string, kept: Layout): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(fileIn(dir), `${JSON.stringify(kept)}\n`);
}

function check(ports: readonly number[], brokers: number): void {
  const fit =
    ports.length === brokers &&
    new Set(ports).size === brokers &&
    ports.every((port) => Number.isInteger(port) && port > 0 && port < 65_536);
  if (!fit)
    throw new Error(
      `ports [${ports.join(', ')}] for ${brokers} broker(s): give ${brokers} different number(s) from 1 to 65535`,
    );
}

function parse(text: string, file: string): Layout {
  try {
    return layout.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${file} is not what this program wrote: delete the folder it is in, with its data`, {
      cause: error,
    });
  }
}

function fileIn(dir: string): string {
  return join(dir, 'cluster.json');
}
