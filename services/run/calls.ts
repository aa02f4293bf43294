import type { AsnResponse } from 'maxmind';
import { open } from 'maxmind';
import { callsBinding } from '../calls/binding.ts';
import { createEnrich, type Enrich } from '../calls/enrich.ts';
import { createNetworkResolver } from '../calls/network.ts';
import { createProfileTable } from '../calls/profile-table.ts';
import { createClientClassifier } from '../calls/user-agent.ts';
import { createFingerprinter } from '../fingerprint/fingerprint.ts';
import type { Hasher } from '../fingerprint/hasher.ts';
import { readAccountMessage } from '../links/account-message.ts';
import type { Config } from '../platform/config/schema.ts';
import { createGlobalTable } from '../stream/kafka/global-table.ts';
import { TOPICS } from '../stream/topics.ts';
import { type Context, openServiceHasher } from './context.ts';
import { endProcess } from './end-process.ts';
import type { Service } from './service.ts';
import { runStep } from './step-service.ts';

export async function buildEnrich(config: Config, hasher: Hasher): Promise<Enrich> {
  const { asn_database } = config.calls;
  return createEnrich({
    hasher,
    fingerprinter: createFingerprinter(hasher),
    classifyClient: createClientClassifier(),
    resolveNetwork: createNetworkResolver(asn_database === '' ? null : await open<AsnResponse>(asn_database)),
  });
}

export async function callsService(context: Context): Promise<Service> {
  const { config, codecs, kafka, log, metrics, instance } = context;
  const hasher = openServiceHasher(context);
  const profiles = createProfileTable();
  const unreadable = metrics.counter(
    'calls_account_messages_unreadable_total',
    'Account messages that could not be read, by reason',
    ['reason'],
  );
  const table = createGlobalTable({
    kafka,
    log,
    topic: TOPICS.accounts,
    instance,
    onForbidden: endProcess(log, 'account table'),
    async apply(_, __, messages) {
      await codecs.prepare(messages);
      for (const message of messages) {
        const change = readAccountMessage(codecs, message);
        // The dead letter of a bad account is written by `links`, which reads the same topic: here it is only counted.
        if (!change.ok) unreadable.inc({ reason: change.reason });
        else if (change.value.account === null) profiles.remove(change.value.account_id, change.value.at);
        else profiles.apply(change.value.account);
      }
    },
  });
  const binding = callsBinding({
    codecs,
    enrich: await buildEnrich(config, hasher),
    profileAt: profiles.profileAt,
    grace: config.stream.grace_ms,
    earliest: Date.parse(config.calls.earliest),
    accountsCaughtUp: () => table.caughtUp(),
  });
  const step = runStep(context, binding);
  return {
    ready: step.ready,
    status: () => ({ accounts: profiles.size, ...step.status() }),
    async start() {
      await table.start();
      await step.start();
    },
    closers: [...step.closers, { name: 'account table', close: () => table.stop() }],
  };
}
