/**
 * Which right is missing. Kafka says only that one is, in answer to a request for many topics or none in particular, and kafkajs passes that on. The requests,
 * though, are made through the methods of one class, whose arguments say what they are for: their errors are put into words there.
 */

type Resource = 'topic' | 'group' | 'transactional id' | 'cluster';

/** What each kind of request asks of a topic, when it is refused for a topic. The others are never. */
const TOPIC_OPERATIONS: Readonly<Record<string, string>> = {
  metadata: 'Describe',
  listOffsets: 'Describe',
  offsetFetch: 'Describe',
  fetch: 'Read',
  offsetCommit: 'Read',
  txnOffsetCommit: 'Read',
  produce: 'Write',
  addPartitionsToTxn: 'Write',
  deleteRecords: 'Delete',
  createTopics: 'Create',
};
/** Requests that a group or a transactional id only has to be seen for. The others take Read and Write. */
const DESCRIBING = new Set(['findGroupCoordinator', 'offsetFetch', 'describeGroups']);
const METHODS = [
  ...Object.keys(TOPIC_OPERATIONS),
  'findGroupCoordinator',
  'describeGroups',
  'joinGroup',
  'syncGroup',
  'heartbeat',
  'leaveGroup',
  'initProducerId',
  'addOffsetsToTxn',
  'endTxn',
];

interface BrokerInstance {
  connectionPool: { sasl?: { username?: string } | null };
}
type Method = (this: BrokerInstance, request: unknown) => Promise<unknown>;

/** kafkajs' Broker. */
export interface BrokerClass {
  prototype: Record<string, unknown>;
}

const NAMED = Symbol.for('stillwatch.missing-rights-are-named');

export function nameMissingRights({ prototype }: BrokerClass): void {
  if (Object.hasOwn(prototype, NAMED)) return;
  Object.defineProperty(prototype, NAMED, { value: true });
  for (const name of METHODS) {
    const original = prototype[name];
    if (typeof original !== 'function') throw new Error(`kafkajs has no Broker.${name}: install kafkajs 2.2.4`);
    const named: Method = async function named(request) {
      const ask = (narrowed: unknown): Promise<unknown> => original.call(this, narrowed);
      try {
        return await ask(request);
      } catch (error) {
        const refused = refusalIn(error);
        if (refused !== null)
          refused.message = wordsFor(
            this.connectionPool.sasl?.username ?? null,
            await missing(name, request, refused.type, ask),
          );
        throw error;
      }
    };
    prototype[name] = named;
  }
}

/** kafkajs' BrokerPool. */
export interface BrokerPoolClass {
  prototype: { withBroker<Result>(ask: (broker: unknown) => Promise<Result>): Promise<Result | null> };
}

/** A question that any broker may answer is put to one after the other, and what each of them says against it is thrown away. */
export function keepRefusals({ prototype }: BrokerPoolClass): void {
  if (Object.hasOwn(prototype, NAMED)) return;
  Object.defineProperty(prototype, NAMED, { value: true });
  const original = prototype.withBroker;
  if (typeof original !== 'function') throw new Error('kafkajs has no BrokerPool.withBroker: install kafkajs 2.2.4');
  prototype.withBroker = async function withBroker(ask) {
    let refusal: Error | null = null;
    const answer = await original.call(this, async (broker) => {
      try {
        return await ask(broker);
      } catch (error) {
        refusal = missingRight(error);
        throw error;
      }
    });
    if (answer === null && refusal !== null) throw refusal;
    return answer as Awaited<ReturnType<typeof ask>> | null; // `call` does not keep the type parameter
  };
}

/** The broker's refusal for want of a right, in words; null for any other error. Trying again does not help: a person has to grant it. */
export function missingRight(error: unknown): Error | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const refusal = refusalIn(cause);
    if (refusal !== null) return refusal;
  }
  return null;
}

type Refusal = Error & { type: string };

/** Records that were not deleted come with an error for each partition. */
function refusalIn(error: unknown): Refusal | null {
  if (!(error instanceof Error)) return null;
  if ('type' in error && typeof error.type === 'string')
    return error.type.endsWith('AUTHORIZATION_FAILED') ? (error as Refusal) : null; // just looked at
  if (!('partitions' in error) || !Array.isArray(error.partitions)) return null;
  for (const partition of error.partitions) {
    const refusal = refusalIn(partition?.error);
    if (refusal !== null) return refusal;
  }
  return null;
}

interface Missing {
  operation: string;
  resource: Resource;
  names: string[];
}

async function missing(
  method: string,
  request: unknown,
  type: string,
  ask: (narrowed: unknown) => Promise<unknown>,
): Promise<Missing> {
  const described = DESCRIBING.has(method);
  if (type.startsWith('TOPIC'))
    return {
      operation: TOPIC_OPERATIONS[method] ?? 'Describe',
      resource: 'topic',
      names: await refusedTopics(request, ask),
    };
  if (type.startsWith('GROUP'))
    return {
      operation: described ? 'Describe' : 'Read',
      resource: 'group',
      names: named(request, 'groupId', 'groupIds'),
    };
  if (type.startsWith('TRANSACTIONAL_ID'))
    return {
      operation: described ? 'Describe' : 'Write',
      resource: 'transactional id',
      names: named(request, 'transactionalId', 'groupId'), // a coordinator is looked for by what kafkajs calls a group in either case
    };
  return { operation: method === 'createTopics' ? 'Create' : 'IdempotentWrite', resource: 'cluster', names: [] };
}

/** Of several topics the answer does not say which: each is asked for by itself. What is asked here twice does no harm; the transaction is lost anyway. */
async function refusedTopics(request: unknown, ask: (narrowed: unknown) => Promise<unknown>): Promise<string[]> {
  const singles = singlyBy(request);
  const refused: string[] = [];
  if (singles.length > 1)
    for (const { topic, narrowed } of singles) {
      const error = await ask(narrowed).then(
        () => null,
        (reason: unknown) => reason,
      );
      if (refusalIn(error) !== null) refused.push(topic);
    }
  return refused.length > 0 ? refused : singles.map(({ topic }) => topic);
}

function singlyBy(request: unknown): { topic: string; narrowed: unknown }[] {
  if (Array.isArray(request)) return request.map((topic) => ({ topic: String(topic), narrowed: [topic] }));
  if (typeof request !== 'object' || request === null) return [];
  for (const [key, value] of Object.entries(request))
    if ((key === 'topics' || key === 'topicData') && Array.isArray(value))
      return value.map((entry) => ({ topic: String(entry.topic), narrowed: { ...request, [key]: [entry] } }));
  return [];
}

function named(request: unknown, ...keys: string[]): string[] {
  if (typeof request !== 'object' || request === null) return [];
  const entries = Object.entries(request);
  for (const key of keys) {
    const found = entries.find(([name, value]) => name === key && value !== null && value !== undefined)?.[1];
    if (found !== undefined) return [found].flat().map(String);
  }
  return [];
}

function wordsFor(user: string | null, { operation, resource, names }: Missing): string {
  const who = user === null ? 'this client' : `user ${user}`;
  const on = [resource, names.join(', ')].filter((part) => part !== '').join(' ');
  return `Kafka does not grant ${who} the right ${operation} on ${on}. What to do: grant what \`stillwatch access kafka\` lists for it`;
}
