import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { createClickHouse } from '../../services/platform/clickhouse.ts';
import { loadConfig } from '../../services/platform/config/load.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import { readRecords } from '../../services/replay/record-file.ts';
import { createContext } from '../../services/run/context.ts';
import { SERVICES } from '../../services/run/services.ts';
import { migrateUp } from '../../services/sink/migrate.ts';
import { accountWindowRow } from '../../services/sink/rows/account-window.ts';
import { createKafkaClient } from '../../services/stream/kafka/client.ts';
import { sendAnswer } from './answer.ts';

export interface SinkTask {
  what: 'sink' | 'plain insert';
  brokers: string;
  clickHouseUrl: string;
  /** Made by the run. */
  database: string;
  rows: number;
  /** The windows, for whoever does not read them from Kafka. */
  windowsFile: string;
}

const BATCH = 10_000;
/** Milliseconds. */
const POLL = 100;
const task: SinkTask = JSON.parse(process.argv[2] ?? '');
const log = pino({ level: 'warn' });

async function sink(): Promise<void> {
  const flags = {
    'kafka.brokers': task.brokers,
    'clickhouse.url': task.clickHouseUrl,
    'clickhouse.database': task.database,
  };
  const context = await createContext(
    'sink',
    loadConfig({ flags, environment: {}, file: null }),
    log,
    createKafkaClient,
  );
  const since = process.cpuUsage();
  const service = await SERVICES.sink(context);
  await service.start();
  const stored = async (): Promise<number> =>
    Number(/sink_rows_total\{.*table="account_windows".*\} (\d+)/.exec(await context.metrics.text())?.[1] ?? 0);
  while ((await stored()) < task.rows) await delay(POLL);
  sendAnswer(since);
}

async function plainInsert(): Promise<void> {
  const codecs = createCodecs(null);
  const values: unknown[][] = [];
  for (const window of readRecords(task.windowsFile)) {
    const decoded = codecs.of('account-window').decode(window as Buffer); // the bench wrote them
    if (!decoded.ok) throw new Error(decoded.detail);
    values.push(accountWindowRow.values(decoded.value));
  }
  const clickHouse = createClickHouse({ url: task.clickHouseUrl, database: task.database });
  await migrateUp(clickHouse, task.database, '');
  const since = process.cpuUsage();
  for (let at = 0; at < values.length; at += BATCH)
    await clickHouse.insert(
      'account_windows',
      { columns: accountWindowRow.columns, values: values.slice(at, at + BATCH) },
      `bench ${at}`,
    );
  sendAnswer(since);
}

await { sink, 'plain insert': plainInsert }[task.what]();
