import type { DriverState } from '../step-driver.ts';

/**
 * A task's state topic partition is a log of three kinds of record, each written inside the transaction whose state it describes:
 * chunks of a checkpoint, the checkpoint's header after them, and for every commit between two checkpoints a journal of what was processed.
 * A record is one message, or as many as its size takes.
 * Restoring applies the chunks in order, takes the last header, and replays the inputs as the journals after it say.
 */
export type StateRecord =
  | { kind: 'chunk'; chunk: Uint8Array }
  | { kind: 'header'; header: CheckpointHeader }
  | { kind: 'journal'; journal: JournalEntry[] };

export interface CheckpointHeader {
  version: 1;
  /** Counts the task's checkpoints: which section is written whole. */
  number: number;
  /** Next offset of each input, in the order of the task's inputs. */
  positions: string[];
  inputs: string[];
  driver: DriverState;
  /** Where each of the checkpoints before this one begins in the state log, oldest first; this one begins at its first chunk, or at the header itself. */
  earlier: string[];
}

/**
 * What a task did, in order: `read` = input number `read` was processed up to (not including) `until`; `advance` = its watermark was moved on without
 * input. Replaying exactly this makes the state the same, whatever order the network delivers in and whatever the clock says. `rejected`: the offsets of what
 * went to the dead letters. What could not be read then may be readable by now (a schema that was registered since, another setting), and would count twice:
 * as the dead letter that it is, and in the state.
 */
export type JournalEntry = { read: number; until: string; rejected?: string[] } | { advance: number };

const CHUNK = 1;
const HEADER = 2;
const JOURNAL = 3;
/** The beginning of a record that goes on in the next message. */
const PIECE = 4;

/** Brokers refuse messages above 1 MiB. A state value may be larger: its record is cut, and a transaction has all of its pieces or none. */
const MOST_BYTES = 900_000;

/** The messages of a record, in order. */
export function encodeStateRecord(record: StateRecord): Buffer[] {
  const [kind, body] = encode(record);
  const messages: Buffer[] = [];
  let from = 0;
  for (; body.length - from > MOST_BYTES; from += MOST_BYTES)
    messages.push(Buffer.concat([Buffer.of(PIECE), body.subarray(from, from + MOST_BYTES)]));
  return [...messages, Buffer.concat([Buffer.of(kind), body.subarray(from)])];
}

function encode(record: StateRecord): [kind: number, body: Uint8Array] {
  switch (record.kind) {
    case 'chunk':
      return [CHUNK, record.chunk];
    case 'header':
      return [HEADER, Buffer.from(JSON.stringify(record.header))];
    case 'journal':
      return [JOURNAL, Buffer.from(JSON.stringify(record.journal))];
  }
}

/** Reads messages in order: the record that this one completes, or null when the record goes on. */
export function createStateRecordReader(): (message: Buffer) => StateRecord | null {
  let pieces: Buffer[] = [];
  return (message) => {
    pieces.push(message.subarray(1));
    if (message[0] === PIECE) return null;
    const body = pieces.length === 1 ? message.subarray(1) : Buffer.concat(pieces);
    pieces = [];
    return decode(message[0], body);
  };
}

function decode(kind: number | undefined, body: Buffer): StateRecord {
  switch (kind) {
    case CHUNK:
      return { kind: 'chunk', chunk: body };
    case HEADER:
      return { kind: 'header', header: JSON.parse(body.toString()) };
    case JOURNAL:
      return { kind: 'journal', journal: JSON.parse(body.toString()) };
    default:
      throw new Error(`state record of unknown kind ${kind}: written by a newer version?`);
  }
}

/** Adds an entry, extending the last one where it only goes on. */
export function appendJournal(journal: JournalEntry[], entry: JournalEntry): void {
  const last = journal.at(-1);
  if (last === undefined || !('read' in last && 'read' in entry) || last.read !== entry.read) {
    journal.push(entry);
    return;
  }
  last.until = entry.until;
  if (entry.rejected !== undefined) last.rejected = [...(last.rejected ?? []), ...entry.rejected];
}
