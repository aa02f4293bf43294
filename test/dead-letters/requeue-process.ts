import pino from 'pino';
import { requeue } from '../../services/dead-letters/requeue.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import { createKafkaClient } from '../../services/stream/kafka/client.ts';
import { type Armed, withFaultPoints } from '../faults/harness/fault-points.ts';

/** Requeues every letter in a process of its own, which dies where it is told to. */
const [brokers = '', point = '', passage = '1'] = process.argv.slice(2);
const armed: Armed = {
  producer: 'stillwatch.requeue',
  point: point as Armed['point'], // given by the test beside it
  passage: Number(passage),
  signal: 'SIGKILL',
};
const log = pino({ level: 'silent' });
const open = withFaultPoints(createKafkaClient, { armed });
await requeue(
  {
    kafka: open({ brokers: brokers.split(','), clientId: 'requeue-process' }, log),
    codecs: createCodecs(null),
    log,
    instance: `requeue-process-${process.pid}`,
    now: Date.now,
  },
  {},
);
