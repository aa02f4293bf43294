import type { Client } from './clients.ts';
import { clamp, exponential, logNormal, normal, type Weighted, weighted } from './distributions.ts';
import type { Endpoint } from './network.ts';
import type { Random } from './random.ts';
import type { Work } from './work.ts';
import type { CallDraft, World } from './world.ts';

/** Who sends a call and from where. */
export interface Origin {
  accountId: string;
  apiKeyId: string;
  endpoint: Endpoint;
  client: Client;
}

/** What a call is about, drawn before it is known which account will carry it. */
export interface Job {
  work: Work;
  text: string | null;
  inputTokens: number;
  outputTokens: number;
}

const FAILURES: Weighted<number> = [
  [429, 0.6],
  [500, 0.12],
  [529, 0.18],
  [400, 0.1],
];

/**
 * Text comes from a generator of its own, so that a run without text has the same calls otherwise.
 * Embeddings have no visible output: zero tokens.
 */
export function drawJob(work: Work, world: World, random: Random, textRandom: Random): Job {
  const { shape, prompt } = work;
  const input = logNormal(random, shape.input.mu, shape.input.sigma);
  return {
    work,
    text: world.text ? prompt.render(textRandom) : null,
    inputTokens: Math.round(clamp(input, prompt.minimumTokens, 180_000)),
    outputTokens: drawOutput(work, random),
  };
}

/** The same prompt once more: another answer. */
export function resample(job: Job, random: Random): Job {
  return { ...job, outputTokens: drawOutput(job.work, random) };
}

function drawOutput({ shape }: Work, random: Random): number {
  const output = logNormal(random, shape.output.mu, shape.output.sigma);
  return shape.operation === 'embeddings' ? 0 : Math.round(clamp(output, 1, shape.maxTokens ?? 16_000));
}

function count(random: Random, mean: number): number {
  return Math.floor(exponential(random, mean) + random.next());
}

/** One finished request. `failureShare` of them end in an error and have no output. */
export function composeCall(
  time: number,
  origin: Origin,
  job: Job,
  model: string,
  failureShare: number,
  random: Random,
): CallDraft {
  const { shape } = job.work;
  const failed = random.chance(failureShare);
  const status = failed ? weighted(random, FAILURES) : 200;
  const output = failed ? 0 : job.outputTokens;
  const reasoning = Math.round(output * shape.reasoning * (0.5 + random.next()));
  const toolCalls = shape.toolsHash === null ? null : failed ? 0 : count(random, shape.toolCalls);
  const truncated = shape.maxTokens !== null && output >= shape.maxTokens;
  const duration = failed
    ? 80 + exponential(random, 150)
    : 250 + (output + reasoning) * 14 * Math.exp(0.3 * normal(random)) + job.inputTokens * 0.05;
  return {
    occurred_at: time,
    account_id: origin.accountId,
    api_key_id: origin.apiKeyId,
    source_ip: origin.endpoint.ip,
    source_asn: origin.endpoint.asn,
    user_agent: origin.client.user_agent,
    tls_fingerprint: origin.client.tls_fingerprint,
    operation_name: shape.operation,
    request_model: model,
    input_tokens: job.inputTokens,
    output_tokens: output,
    reasoning_tokens: shape.reasoning > 0 ? reasoning : null,
    cached_input_tokens: shape.cachedShare > 0 ? Math.round(job.inputTokens * shape.cachedShare * random.next()) : null,
    max_tokens: shape.maxTokens,
    temperature: shape.temperature,
    stream: random.chance(shape.streamShare),
    system_prompt_hash: shape.systemPromptHash,
    tools_hash: shape.toolsHash,
    tool_call_count: toolCalls,
    image_count: shape.images > 0 ? count(random, shape.images) : null,
    message_count: shape.messages > 1 ? 1 + count(random, shape.messages - 1) : 1,
    prompt_text: job.text,
    prompt_fingerprint: null,
    finish_reason: failed ? null : truncated ? 'length' : toolCalls !== null && toolCalls > 0 ? 'tool_calls' : 'stop',
    status_code: status,
    duration_ms: Math.round(duration),
  };
}

/** One client that calls for itself. */
export interface Member {
  accountId: string;
  apiKeys: readonly string[];
  /** Mostly the first, sometimes another. */
  endpoints: readonly Endpoint[];
  client: Client;
  work: readonly Work[];
  failureShare: number;
  /** Ascending times of calls. */
  arrivals: Iterable<number>;
  modelAt: (time: number) => string;
}

function mostlyFirst<T>(random: Random, items: readonly T[]): T {
  const first = items[0];
  return first !== undefined && (items.length === 1 || random.chance(0.7)) ? first : random.pick(items);
}

/** The calls of one member, ascending. A failed call is mostly tried again, as it was, some seconds later. */
export function* memberCalls(member: Member, world: World, random: Random): Generator<CallDraft> {
  const textRandom = random.fork('text');
  let retry: CallDraft | null = null;
  for (const time of member.arrivals) {
    if (retry !== null && retry.occurred_at <= time) {
      yield retry;
      retry = null;
    }
    const origin: Origin = {
      accountId: member.accountId,
      apiKeyId: mostlyFirst(random, member.apiKeys),
      endpoint: mostlyFirst(random, member.endpoints),
      client: member.client,
    };
    const job = drawJob(mostlyFirst(random, member.work), world, random, textRandom);
    const model = member.modelAt(time);
    const call = composeCall(time, origin, job, model, member.failureShare, random);
    yield call;
    if (retry === null && call.status_code !== 200 && random.chance(0.7)) {
      const again = time + 1_000 + Math.round(exponential(random, 4_000));
      if (again < world.end) retry = composeCall(again, origin, job, model, 0.1, random);
    }
  }
  if (retry !== null) yield retry;
}
