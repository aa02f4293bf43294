import type { DriverState } from '../step-driver.ts';

/**
 * A task's state topic partition is a log of three kinds of record, each written inside the transaction whose state it describes:
 * chunks of a checkpoint, the checkpoint's header after them, and for every commit between two checkpoints a journal of what was processed.
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
 * What a task did, in order: `read` = input number `input` was processed up to (not including) `until`; `advance` = its watermark was moved on without
 * input. Replaying exactly this makes the state the same, whatever order the network delivers in and whatever the clock says.
 */
export type JournalEntry = { read: number; until: string } | { advance: number };

const CHUNK = 1;
const HEADER = 2;
const JOURNAL = 3;

export function encodeStateRecord(record: StateRecord): Buffer {
  switch (record.kind) {
    case 'chunk':
      return Buffer.concat([Buffer.of(CHUNK), record.chunk]);
    case 'header':
      return Buffer.concat([Buffer.of(HEADER), Buffer.from(JSON.stringify(record.header))]);
    case 'journal':
      return Buffer.concat([Buffer.of(JOURNAL), Buffer.from(JSON.stringify(record.journal))]);
  }
}

export function decodeStateRecord(bytes: Buffer): StateRecord {
  const body = bytes.subarray(1);
  switch (bytes[0]) {
    case CHUNK:
      return { kind: 'chunk', chunk: body };
    case HEADER:
      return { kind: 'header', header: JSON.parse(body.toString()) };
    case JOURNAL:
      return { kind: 'journal', journal: JSON.parse(body.toString()) };
    default:
      throw new Error(`state record of unknown kind ${bytes[0]}: written by a newer version?`);
  }
}

/** Adds an entry, extending the last one where it only goes on. */
export function appendJournal(journal: JournalEntry[], entry: JournalEntry): void {
  const last = journal.at(-1);
  if (last !== undefined && 'read' in last && 'read' in entry && last.read === entry.read) last.until = entry.until;
  else journal.push(entry);
}
