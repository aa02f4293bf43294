import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Enrich } from '../../services/calls/enrich.ts';
import { createProfileTable } from '../../services/calls/profile-table.ts';
import { messageId, readAlertMessage } from '../../services/clusters/alert-message.ts';
import { createHasher } from '../../services/fingerprint/hasher.ts';
import { alertmanagerRequest } from '../../services/notify/targets/alertmanager.ts';
import { pagerDutyRequest } from '../../services/notify/targets/pagerduty.ts';
import { slackRequest } from '../../services/notify/targets/slack.ts';
import { webhookRequest } from '../../services/notify/targets/webhook.ts';
import type { Account } from '../../services/records/account.ts';
import type { ApiCall } from '../../services/records/api-call.ts';
import { createCodecs } from '../../services/records/codec/codecs.ts';
import { initialVersion } from '../../services/rules/version.ts';
import { createScenario } from '../../services/simulate/scenarios.ts';
import { simulate } from '../../services/simulate/simulate.ts';
import { sinkSources } from '../../services/sink/sources.ts';
import { lastClose } from '../../services/stream/idle.ts';
import { stateTopic } from '../../services/stream/kafka/binding.ts';
import type { KafkaMessage } from '../../services/stream/kafka/client.ts';
import { TOPICS } from '../../services/stream/topics.ts';
import { createLine } from '../fuzz/line.ts';
import { addressCanary, type CanarySearch, canary, createSearch } from '../support/canaries.ts';
import { bothOutputs } from '../support/pipeline.ts';
import { enrichWith, shippedRules } from '../support/shipped.ts';

/**
 * Prompts, payment ids and addresses of their own in each of 100,000 calls, through calls, links and clusters as they stand in Kafka. Whatever they write is
 * searched: every message of every topic, the state, the rows for ClickHouse, what targets are told, labels of metrics. (secured.test.ts does it over a real
 * broker and a real ClickHouse, with the services' own logs, and a handful of canaries.)
 */
const CALLS = 100_000;
/** Of the calls, one in so many is refused, is no Avro, comes too late. */
const EVERY = { refused: 400, broken: 400, late: 400 };
const BATCH = 2_000;
const CHECKPOINT_EVERY = 25;

const codecs = createCodecs(null);
const hasher = createHasher('a key for tests');

interface Traffic {
  accounts: Account[];
  calls: Iterable<ApiCall>;
}

/** Simulated traffic; who shares a payment id or an address goes on sharing it, so that accounts are linked and alerts open. */
function traffic(scale: number): Traffic {
  const { accounts, calls } = simulate(createScenario('small', { scale }), 7);
  const payments = new Map<string, string>();
  const addresses = new Map<string, string>();
  const marked = (known: Map<string, string>, of: string | null, make: (number: number) => string): string | null => {
    if (of === null) return null;
    const made = known.get(of) ?? make(known.size);
    known.set(of, made);
    return made;
  };
  // As a gateway sends them that must not send addresses.
  const hashed = (of: string | null) => marked(addresses, of, (number) => `h:${hasher.hash64(addressCanary(number))}`);
  return {
    accounts: accounts.map((account) => ({
      ...account,
      signup_ip: hashed(account.signup_ip),
      payment_fingerprint: marked(payments, account.payment_fingerprint, (number) => canary('payment', number)),
    })),
    calls: (function* () {
      let number = 0;
      for (const call of calls) {
        const own = canary('prompt', number);
        const text = call.prompt_text ?? '';
        // In front, behind, and in the middle of a word.
        const prompt_text = [`${own} ${text}`, `${text} ${own}`, `${text.slice(0, 30)}${own}${text.slice(30)}`][
          number % 3
        ];
        yield { ...call, source_ip: hashed(call.source_ip), prompt_text: prompt_text ?? own };
        number++;
      }
    })(),
  };
}

interface Passed {
  search: CanarySearch;
  calls: number;
  letters: number;
  /** Of them, with the original in it, as the contract has it. */
  originals: number;
  late: number;
  alerts: number;
}

async function pass({ accounts, calls }: Traffic, most: number, enrich: Enrich): Promise<Passed> {
  const search = createSearch();
  const passed = { search, calls: 0, letters: 0, originals: 0, late: 0, alerts: 0 };
  const profiles = createProfileTable();
  const sources = new Map(sinkSources(codecs).map((source) => [source.topic, source]));

  /** Its bytes may hold the original, which is what it is for; nothing else of it may. */
  const readLetter = (message: KafkaMessage): void => {
    const letter = codecs.of('dead-letter').decode(message.value);
    assert.ok(letter.ok);
    const { value, key: _, ...about } = letter.value;
    search.look('dead letters, but for the original', JSON.stringify([message.key, message.headers, about]));
    search.look('dead letters, the original', Buffer.from(value ?? []));
    passed.letters++;
    if (value?.length === sent.get(about.offset)) passed.originals++;
  };
  const tell = (message: KafkaMessage): void => {
    const read = readAlertMessage(codecs, message);
    if (!read.ok) return;
    passed.alerts++;
    const telling = {
      event: read.value,
      messageId: messageId(read.value.alert),
      told: null,
      now: read.value.emitted_at,
    };
    const to = { url: 'https://target.example', consoleUrl: 'https://console.example' };
    for (const request of [
      slackRequest(telling, to),
      pagerDutyRequest(telling, { ...to, routingKey: 'k' }),
      alertmanagerRequest(telling, { ...to, labels: {}, bearerToken: null }),
      webhookRequest(telling, { ...to, secret: null, format: 'cloudevents' }),
      webhookRequest(telling, { ...to, secret: null, format: 'ocsf' }),
    ])
      search.look('targets', JSON.stringify(request));
  };

  const line = createLine({
    codecs,
    hasher,
    rules: initialVersion(shippedRules()),
    grace: 60_000,
    earliest: 0,
    profileAt: profiles.profileAt,
    enrich,
    written(topic, message) {
      if (topic === TOPICS.deadLetters) readLetter(message);
      else search.look(topic, Buffer.concat([message.key ?? Buffer.alloc(0), message.value ?? Buffer.alloc(0)]));
      search.look('headers', JSON.stringify(message.headers));
      if (topic === TOPICS.lateCalls) passed.late++;
      if (topic === TOPICS.alerts) tell(message);
      const row = sources.get(topic)?.row(message);
      if (row?.ok) search.look(`table ${sources.get(topic)?.table}`, JSON.stringify(row.value));
      else if (row !== undefined) search.look('errors', row.detail);
    },
    rejected: (topic, reason) => search.look('metrics', `${topic} ${reason}`),
    counted: (name, reason) => search.look('metrics', `${name} ${reason}`),
    remembered: (topic, record) => search.look(topic, record),
  });

  for (const [offset, account] of accounts.entries()) {
    profiles.apply(account);
    const value = codecs.of('account').encode(account);
    line.accounts(message(String(offset), account.account_id, value, account.updated_at));
  }
  await line.commit(true);
  /** Bytes of calls that must come out as they went in, by offset. */
  const sent = new Map<string, number>();
  const late: ApiCall[] = [];
  let offset = 0;
  const send = (call: ApiCall, isBroken: boolean): void => {
    const whole = codecs.of('api-call').encode(call);
    const value = isBroken ? whole.subarray(0, whole.length - 9) : whole;
    if (isBroken || call.input_tokens < 0) sent.set(String(offset), value.length);
    line.calls(message(String(offset++), call.account_id, value, call.occurred_at));
  };
  for (const call of calls) {
    const place = passed.calls++;
    if (place % EVERY.refused === 1) send({ ...call, input_tokens: -1 }, false);
    else if (place % EVERY.late === 2) late.push(call);
    else send(call, place % EVERY.broken === 3);
    if (passed.calls % BATCH === 0) await line.commit((passed.calls / BATCH) % CHECKPOINT_EVERY === 0);
    if (passed.calls === most) break;
  }
  for (const call of late.slice(0, late.length >> 1)) send(call, false);
  await line.end(lastClose);
  return passed;
}

function message(offset: string, key: string, value: Buffer, timestamp: number): KafkaMessage {
  return { key: Buffer.from(key), value, offset, timestamp: String(timestamp), attributes: 0, headers: {} };
}

/** What the contract has: who is to find out that two accounts share a payment id remembers it, and a dead letter is the message that it was. */
const ALLOWED = ['dead letters, the original: prompt', `${stateTopic('links')}: payment`];

test('100,000 prompts, their payment ids and addresses come out nowhere but where the contract has them', {
  timeout: 300_000,
}, async (t) => {
  const { search, ...passed } = await pass(traffic(18), CALLS, enrichWith(hasher));
  const bytes = [...search.looked.values()].reduce((sum, some) => sum + some);
  t.diagnostic(`${JSON.stringify(passed)}, ${bytes} bytes in ${search.looked.size} places`);
  assert.equal(passed.calls, CALLS);
  assert.deepEqual(search.found(), ALLOWED);
  // That it was a run in which something could have leaked.
  assert.equal(passed.letters, CALLS / EVERY.refused + CALLS / EVERY.broken);
  assert.equal(passed.originals, passed.letters);
  assert.ok(passed.late > 50 && passed.alerts > 5);
  for (const topic of [TOPICS.accountWindows, TOPICS.linkObservations, TOPICS.assignments, TOPICS.clusterWindows])
    assert.ok((search.looked.get(topic) ?? 0) > 100_000, topic);
});

test('a step that lets one prompt in a thousand through is found out', async () => {
  const enrich = enrichWith(hasher);
  let calls = 0;
  const leaking: Enrich = (call) => {
    const enriched = enrich(call);
    if (++calls % 1_000 !== 0) return enriched;
    return { ...enriched, counted: { ...enriched.counted, event_id: call.prompt_text ?? '' } };
  };
  const { search } = await pass(traffic(1), 3_000, leaking);
  assert.deepEqual(search.found(), [...ALLOWED, `${TOPICS.accountWindows}: prompt`].sort());
});

test('a canary is found in whatever form, and cut off', () => {
  const forms = (text: string): (Buffer | string)[] => [
    `"${text}"`,
    text.toUpperCase(),
    Buffer.from(text, 'utf16le'),
    Buffer.from(text).toString('hex'),
    ...['', 'x', 'xy', 'xyz'].map((before) => Buffer.from(`${before}${text}, and more`).toString('base64')),
    text.slice(0, -2),
  ];
  const canaries = {
    prompt: canary('prompt', 99_999),
    payment: canary('payment', 12_345),
    address: addressCanary(70_000),
  };
  for (const [kind, text] of Object.entries(canaries)) {
    for (const form of forms(text)) {
      const search = createSearch();
      search.look('place', form);
      assert.deepEqual(search.found(), [`place: ${kind}`], String(form));
    }
  }
  const search = createSearch();
  search.look('place', 'an ordinary text, 2001:db8::1, pay_123');
  assert.deepEqual(search.found(), []);
});

test('a replay says what is wrong with a line, and never what is in it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-canaries-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const { accounts, calls } = traffic(1);
  const spoil: ((line: string) => string)[] = [
    (line) => line,
    (line) => line.slice(0, -20),
    (line) => line.replace('"input_tokens":', '"input_tokens":"many","x":'),
    (line) => line.replace('"input_tokens":', '"input_tokens":-'),
    (line) => `[${line}]`,
    (line) => line.replaceAll('"', "'"),
    (line) => line.replace('"event_id":"', '"event_id":"\\u001b'),
    (line) => line.replace('"prompt_text":"', '"prompt_text":"\t'),
  ];
  const lines = [...calls].map((call, number) => spoil[number % spoil.length]?.(JSON.stringify(call)) ?? '');
  await writeFile(join(folder, 'calls.jsonl'), `${lines.join('\n')}\n`);
  await writeFile(join(folder, 'accounts.jsonl'), accounts.map((account) => `${JSON.stringify(account)}\n`).join(''));
  const given = ['--calls', join(folder, 'calls.jsonl'), '--accounts', join(folder, 'accounts.jsonl')];
  const { stdout, stderr } = await bothOutputs(['replay', ...given, '--out', join(folder, 'out')], {
    STILLWATCH_HASHING_KEY: 'a key for tests',
    STILLWATCH_LOG_LEVEL: 'trace',
  });
  const search = createSearch();
  search.look('output', stdout);
  search.look('errors', stderr);
  for (const file of await readdir(join(folder, 'out'))) search.look(file, await readFile(join(folder, 'out', file)));
  assert.deepEqual(search.found(), []);
  assert.match(stderr, /calls\.jsonl:2:\d+: is not JSON/);
  const { rejected } = JSON.parse(await readFile(join(folder, 'out/summary.json'), 'utf8'));
  assert.ok(Object.values<number>(rejected).reduce((sum, count) => sum + count) > 4_000);
});
