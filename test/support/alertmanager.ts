import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** An alert as GET /api/v2/alerts shows it. */
export interface GettableAlert {
  fingerprint: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
  generatorURL: string;
  status: { state: string };
}

export interface TestAlertmanager {
  url: string;
  /** Those that fire. */
  alerts(): Promise<GettableAlert[]>;
  /** SIGKILL; `start` brings it back on the same port with the same data. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const PROGRAM = process.env['ALERTMANAGER'] ?? '/usr/bin/prometheus-alertmanager';

/** Debian's Alertmanager on a free port of loopback, with data and configuration of its own, which tells `webhook` of everything at once. */
export async function startAlertmanager(
  webhook: string,
  groupBy = ['alert_id', 'severity'],
): Promise<TestAlertmanager> {
  const dir = await mkdtemp(join(tmpdir(), 'stillwatch-alertmanager-'));
  const config = join(dir, 'alertmanager.yml');
  await writeFile(
    config,
    `route:
  receiver: recorder
  group_by: [${groupBy.join(', ')}]
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 1h
receivers:
  - name: recorder
    webhook_configs:
      - url: ${webhook}
        send_resolved: true
`,
  );
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  let child: ChildProcess | null = null;

  const kill = async (): Promise<void> => {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  };
  const start = async (): Promise<void> => {
    const running = spawn(
      PROGRAM,
      [
        `--config.file=${config}`,
        `--storage.path=${join(dir, 'data')}`,
        `--web.listen-address=${address}`,
        '--cluster.listen-address=',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    child = running;
    const said: string[] = [];
    const listening = new Promise<void>((resolve, reject) => {
      createInterface({ input: running.stderr }).on('line', (line) => {
        said.push(line);
        if (/Listening on/.test(line)) resolve();
      });
      running.once('error', reject);
      running.once('exit', () => reject(new Error(`Alertmanager ended:\n${said.join('\n')}`)));
    });
    await listening;
  };

  await start();
  return {
    url,
    async alerts() {
      const response = await fetch(`${url}/api/v2/alerts`);
      return JSON.parse(await response.text());
    },
    kill,
    start,
    async stop() {
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
