import { extname, join } from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { HasherKeys } from '../fingerprint/hasher.ts';
import type { LinkSettings } from '../links/settings.ts';
import type { ChainRecord } from './chain-step.ts';
import type { LinksLane, LinksOutput } from './links-lane.ts';
import type { Answer, Question, ThreadData } from './links-thread.ts';

/** As this file is: TypeScript in the repository, JavaScript in the package. */
const THREAD = join(import.meta.dirname, `links-thread${extname(import.meta.filename)}`);

/** Marks, a minute each, by which the calls may be ahead: what a look for common work every six hours takes can be caught up with. */
const MOST_AHEAD = 240;
/** Milliseconds for one answer. */
const PATIENCE = 600_000;

export interface LinksInThreadOptions {
  keys: HasherKeys;
  settings: LinkSettings | undefined;
  restored: readonly ChainRecord[];
}

/**
 * The links step in a thread of its own, while the calls of the minutes that follow are worked on here. Waits by itself where a chain has to: neither side is
 * asynchronous to the other's caller.
 */
export function createLinksInThread(
  { keys, settings, restored }: LinksInThreadOptions,
  output: LinksOutput,
): LinksLane {
  const { port1: port, port2 } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const workerData: ThreadData = { port: port2, answered, keys, settings, restored };
  const thread = new Worker(THREAD, { workerData, transferList: [port2] });
  // Whoever fails here must not be kept from ending.
  thread.unref();
  let asked = 0;
  let before: (Question & { kind: 'mark' })['before'][number][] = [];
  let saved: ChainRecord[] = [];

  const take = (answer: Answer): void => {
    if (answer.kind === 'failed') throw answer.error;
    if (answer.kind === 'saved') {
      saved = answer.records;
      return;
    }
    for (const assignment of answer.assignments) output.assignment(assignment);
    for (const [name, reason, by] of answer.counts) output.count(name, reason, by);
    output.marked(answer.mark);
  };
  /** Takes the answers that are there, and at least so many of all. */
  const takeAnswers = (least: number): void => {
    for (let known = Atomics.load(answered, 0); known < least; known = Atomics.load(answered, 0)) {
      if (Atomics.wait(answered, 0, known, PATIENCE) === 'timed-out')
        throw new Error(`the thread of the links step has not answered for ${PATIENCE / 60_000} minutes`);
    }
    for (;;) {
      const received: { message: Answer } | undefined = receiveMessageOnPort(port);
      if (received === undefined) return;
      take(received.message);
    }
  };
  const ask = (question: Question): void => {
    port.postMessage(question);
    asked++;
  };

  return {
    account: (change) => before.push({ change }),
    observation: (observation) => before.push({ observation }),
    mark(mark) {
      ask({ kind: 'mark', before, mark });
      before = [];
      takeAnswers(asked - MOST_AHEAD);
    },
    settle: () => takeAnswers(asked),
    save() {
      ask({ kind: 'save' });
      takeAnswers(asked);
      return saved;
    },
    close: () => void thread.terminate(),
  };
}
