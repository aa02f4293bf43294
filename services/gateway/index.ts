/** What a gateway written in TypeScript needs to report its calls: the record, its bytes on the wire, and a mapping of OpenTelemetry spans. */

export type { Account } from '../records/account.ts';
export type { ApiCall } from '../records/api-call.ts';
export { createEncoders } from './encode.ts';
export { callOfSpan, type GenAiSpan, type SpanOptions } from './otel-span.ts';
