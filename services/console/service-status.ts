import { z } from 'zod';
import { messageOf } from '../platform/errors.ts';
import type { MetricSample, ServiceStatus } from './schemas/operation.ts';

/** What the health server of a service answers at /status, as far as it is shown. */
export const task = z.object({
  partition: z.number(),
  state: z.string(),
  watermark: z.number(),
  idle: z.boolean(),
  positions: z.record(z.string(), z.object({ processed: z.string(), committed: z.string() })),
});
export const lane = z.object({
  topic: z.string(),
  partition: z.number(),
  offset: z.string(),
  state: z.string().optional(),
  running: z.boolean().optional(),
});

export interface Services {
  statuses(): Promise<ServiceStatus[]>;
}

export interface ServiceStatusDeps {
  /** `name=http://host:port` each: the address of a service's health server. */
  entries: readonly string[];
  fetch: typeof fetch;
}

const PATIENCE = 2_000;
/** Records not yet read; late, duplicate and evicted ones; dead letters; rows stored; messages delivered. */
const SHOWN =
  /^stillwatch_(stream_(lag_records|decisions_total|dead_letters_total)|sink_(rows|failures)_total|notify_messages_total)$/;

/** Asks each service itself: a service that does not answer is shown as such, and holds up no other. */
export function createServices({ entries, fetch }: ServiceStatusDeps): Services {
  const ask = async (url: string): Promise<Response> =>
    await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE) });
  const one = async (entry: string): Promise<ServiceStatus> => {
    const at = entry.indexOf('=');
    const [name, url] = [entry.slice(0, at), entry.slice(at + 1).replace(/\/$/, '')];
    try {
      const [status, metrics, ready] = await Promise.all([
        ask(`${url}/status`),
        ask(`${url}/metrics`),
        ask(`${url}/readyz`),
      ]);
      const said = readStatus(await status.json());
      return { name, url, is_ready: ready.ok, error: null, ...said, metrics: readMetrics(await metrics.text()) };
    } catch (error) {
      return { name, url, is_ready: false, error: messageOf(error), tasks: [], lanes: [], targets: [], metrics: [] };
    }
  };
  return { statuses: () => Promise.all(entries.map(one)) };
}

/** Each entry is a list of tasks of a step, a list of lanes, the targets of notify, or something else that is not shown. */
export function readStatus(status: unknown): Pick<ServiceStatus, 'tasks' | 'lanes' | 'targets'> {
  const entries = Object.entries(z.record(z.string(), z.unknown()).parse(status));
  return {
    tasks: entries.flatMap(([step, value]) => {
      const parsed = z.array(task).safeParse(value);
      return parsed.success ? parsed.data.map((found) => ({ step, ...found })) : [];
    }),
    lanes: entries.flatMap(([, value]) => z.array(lane).safeParse(value).data ?? []),
    targets: entries.flatMap(([name, value]) =>
      name === 'targets' ? (z.array(z.string()).safeParse(value).data ?? []) : [],
    ),
  };
}

/** Prometheus text format, the samples that are shown. */
export function readMetrics(text: string): MetricSample[] {
  return text.split('\n').flatMap((line) => {
    const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
    if (!SHOWN.test(name)) return [];
    const pairs = [...labels.matchAll(/\b(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text = '']) => [key, text]);
    return [{ name: name.slice('stillwatch_'.length), labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}
