import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Answer } from '../answer.ts';

const run = promisify(execFile);
const HERE = import.meta.dirname;
const SCHEMA = join(HERE, '../../../schemas/api-call.avsc');

export interface StreamsRun {
  brokers: string;
  topic: string;
  events: number;
  run: string;
  /** Milliseconds. */
  commitInterval: number;
  output: string;
}

/** Builds the Java program where that is not done yet (Maven says nothing is to be done in two seconds), and runs it once. */
export async function runKafkaStreams(options: StreamsRun): Promise<Answer> {
  const { brokers, topic, events, run: name, commitInterval, output } = options;
  await run('mvn', ['-q', '-B', '-f', join(HERE, 'pom.xml'), 'package'], { maxBuffer: 16 * 1024 * 1024 });
  const classpath = `${join(HERE, 'target/classes')}:${join(HERE, 'target/lib/*')}`;
  const { stdout } = await run('java', [
    '-Xmx2g',
    '-cp',
    classpath,
    'SameJob',
    brokers,
    topic,
    String(events),
    SCHEMA,
    name,
    String(commitInterval),
    output,
  ]);
  const answer: Answer = JSON.parse(stdout);
  return answer;
}
