import type { Type } from 'avsc';
import type { Account } from '../account.ts';
import type { AccountWindow } from '../account-window.ts';
import type { Alert } from '../alert.ts';
import type { ApiCall } from '../api-call.ts';
import type { Assignment } from '../assignment.ts';
import type { DeadLetter, LateCall, RequeuedLetter } from '../dead-letter.ts';
import type { Delivery } from '../delivery.ts';
import type { LinkObservation } from '../link-observation.ts';
import type { Membership } from '../membership.ts';
import type { RulesRecord } from '../rules-record.ts';
import type { BaselinePartial, ClusterWindow, SubjectPartial } from '../subject-window.ts';
import type { SchemaName } from './schemas.ts';

/** The record type of each schema. */
export interface Records {
  'api-call': ApiCall;
  account: Account;
  'account-window': AccountWindow;
  'link-observation': LinkObservation;
  assignment: Assignment;
  'subject-partial': SubjectPartial;
  'baseline-partial': BaselinePartial;
  'cluster-window': ClusterWindow;
  alert: Alert;
  'dead-letter': DeadLetter;
  'late-call': LateCall;
  membership: Membership;
  'rules-version': RulesRecord;
  'requeued-letter': RequeuedLetter;
  delivery: Delivery;
}

export type Decoded<Value> = { ok: true; value: Value } | { ok: false; reason: DecodeFailure; detail: string };
export type DecodeFailure = 'tombstone' | 'wrong_magic_byte' | 'truncated' | 'unknown_schema' | 'not_avro';

/** Where schemas come from: the embedded ones with fixed ids, or a registry. */
export interface SchemaSource {
  /** Id to write with. */
  idOf(name: SchemaName): number;
  /** Our own type. */
  typeOf(name: SchemaName): Type;
  /** Reader for what was written with schema `id`, or null when nobody knows that id. Cached: resolving is far dearer than decoding. */
  reader(id: number, name: SchemaName): Reader | null;
}

export type Reader = (bytes: Buffer, from: number) => { value: unknown; offset: number };

export interface Codec<Value> {
  /** Confluent wire format: 0x00, schema id (4 bytes, big-endian), Avro. */
  encode(record: Value): Buffer;
  /** Never throws. */
  decode(bytes: Buffer | null): Decoded<Value>;
}

const HEADER = 5;

export function createCodec<Name extends SchemaName>(name: Name, source: SchemaSource): Codec<Records[Name]> {
  const type = source.typeOf(name);
  return {
    encode(record) {
      const body = type.toBuffer(record);
      const message = Buffer.allocUnsafe(HEADER + body.length);
      message[0] = 0;
      message.writeUInt32BE(source.idOf(name), 1);
      body.copy(message, HEADER);
      return message;
    },
    decode(bytes) {
      if (bytes === null) return failure('tombstone', 'the message has no value');
      if (bytes.length < HEADER)
        return failure(
          'truncated',
          `${bytes.length} bytes are too few for a schema id: send Avro in the Confluent wire format`,
        );
      if (bytes[0] !== 0)
        return failure(
          'wrong_magic_byte',
          `the first byte is ${bytes[0]}, not 0: send Avro in the Confluent wire format`,
        );
      const id = bytes.readUInt32BE(1);
      const reader = source.reader(id, name);
      if (reader === null)
        return failure(
          'unknown_schema',
          `nobody knows a schema with id ${id} for ${name}: set SCHEMA_REGISTRY_URL, or write with id ${source.idOf(name)}`,
        );
      try {
        const { value, offset } = reader(bytes, HEADER);
        if (offset < 0) return failure('truncated', 'the message ends in the middle of the record');
        if (offset !== bytes.length) return failure('not_avro', `${bytes.length - offset} bytes follow the record`);
        // The reader was resolved to this record's own schema.
        return { ok: true, value: value as Records[Name] };
      } catch (error) {
        return failure(
          'not_avro',
          `the bytes are not a record of this schema (${error instanceof Error ? error.name : 'error'})`,
        );
      }
    },
  };
}

/** The schema id of a message, null when it has none. */
export function schemaIdOf(bytes: Buffer | null): number | null {
  return bytes === null || bytes.length < HEADER || bytes[0] !== 0 ? null : bytes.readUInt32BE(1);
}

function failure(reason: DecodeFailure, detail: string): { ok: false; reason: DecodeFailure; detail: string } {
  return { ok: false, reason, detail };
}
