import { silencesInForce } from '../feedback/silences.ts';
import { CIRCUIT_STATES, CircuitBreaker } from '../notify/circuit-breaker.ts';
import { createDelivery } from '../notify/delivery.ts';
import { NotifyLane, type NotifyLaneStatus } from '../notify/lane.ts';
import { NOTIFY_GROUPS } from '../notify/position.ts';
import { createPost } from '../notify/post.ts';
import { createSilences, NO_SILENCES, type Silences } from '../notify/silences.ts';
import { targetsOf } from '../notify/targets/from-config.ts';
import type { Target } from '../notify/targets/target.ts';
import { createTestEndpoint } from '../notify/test-endpoint.ts';
import { TEST_PATH } from '../notify/test-request.ts';
import type { ClickHouse } from '../platform/clickhouse.ts';
import { secretOf } from '../platform/config/secrets.ts';
import { StillwatchError } from '../platform/errors.ts';
import { createLanes } from '../stream/kafka/lanes.ts';
import { TOPICS } from '../stream/topics.ts';
import { type Context, openClickHouse } from './context.ts';
import { endProcess } from './end-process.ts';
import type { Service } from './service.ts';

const BREAKER = { failures: 5, firstPause: 5_000, longestPause: 120_000, trialTimeout: 15_000 } as const;
/** Seconds from publication to settlement: a page is worth seconds, a target that was away makes hours. */
const BUCKETS = [0.1, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200, 43_200, 172_800];

/** Milliseconds. Somebody has just pressed the button, and hopes that it was in time. */
const SILENCES_EVERY = 5_000;

/** Every target is a consumer group of the alert topic, with a circuit breaker for all its lanes: none knows of another. */
export async function notifyService(context: Context): Promise<Service> {
  const { config, kafka, codecs, log, metrics, streamMetrics, now, monotonicNow, secret, mask } = context;
  const targets = targetsOf(config, secret);
  if (targets.length === 0)
    throw new StillwatchError(
      'CONFIG_INVALID',
      'notify has nobody to tell: there are no notify.targets, and notify.webhook_url is empty',
      'set STILLWATCH_NOTIFY_WEBHOOK_URL, or list targets in the configuration file (services/notify/README.md)',
    );
  const messages = metrics.counter('notify_messages_total', 'Alert messages by target and outcome', [
    'target',
    'outcome',
  ]);
  const seconds = metrics.histogram(
    'notify_delivery_seconds',
    'Time from when an alert message was due until its target took it or it was given up',
    BUCKETS,
    ['target'],
  );
  const circuit = metrics.gauge('notify_circuit_state', '1 for the state that the circuit of a target is in', [
    'target',
    'state',
  ]);
  const held = metrics.gauge(
    'notify_held_alerts',
    'Alerts whose latest revision waits for the end of quiet hours or of a silence',
    ['target'],
  );
  const post = createPost();
  const clickHouse = config.notify.silences ? openClickHouse(config) : null;
  const silences = clickHouse === null ? NO_SILENCES : silencesOf(clickHouse, context);

  const lanesOf = (target: Target) => {
    const { name } = target;
    const deliver = createDelivery({
      target,
      breaker: new CircuitBreaker({
        ...BREAKER,
        random: Math.random,
        changed(state) {
          for (const each of CIRCUIT_STATES) circuit.set({ target: name, state: each }, each === state ? 1 : 0);
          log.info({ target: name, state }, 'circuit');
        },
      }),
      post,
      log,
      retried: () => messages.inc({ target: name, outcome: 'retried' }),
      giveUpAfter: config.notify.give_up_after_ms,
      now,
      monotonicNow,
    });
    const policy = {
      target: name,
      routes: config.notify.routes,
      quietHours: config.notify.quiet_hours,
      isSilenced: silences.covers,
    };
    const { lag, joined } = streamMetrics(`notify.${name}`);
    const lanes = createLanes<NotifyLaneStatus>({
      kafka,
      log,
      groupId: `${NOTIFY_GROUPS}${name}`,
      topics: [TOPICS.alerts],
      isRunning: ({ running }) => running,
      lag,
      joined,
      onFatal: endProcess(log, 'notify'),
      open: (topic, partition, membership, admin) =>
        new NotifyLane({
          kafka,
          admin,
          membership,
          codecs,
          log,
          topic,
          partition,
          policy,
          deliver,
          giveUpAfter: config.notify.give_up_after_ms,
          now,
          monotonicNow,
          onFatal: endProcess(log, 'notify'),
          count(outcome, took) {
            messages.inc({ target: name, outcome });
            if (took !== null) seconds.observe({ target: name }, took);
            held.set(
              { target: name },
              lanes.status().reduce((sum, lane) => sum + lane.held, 0),
            );
          },
        }),
    });
    return lanes;
  };

  const key = secretOf(config, 'notify.test_key');
  const test = createTestEndpoint({ targets, key, post, mask, log, now, monotonicNow });
  const all = targets.map((target) => ({ name: target.name, lanes: lanesOf(target) }));
  return {
    async start() {
      // Before anybody is told of anything.
      await silences.start();
      await Promise.all(all.map(({ lanes }) => lanes.start()));
    },
    ready: Object.fromEntries(all.map(({ name, lanes }) => [name, () => lanes.isReady()])),
    status: () => ({ notify: all.flatMap(({ lanes }) => lanes.status()), targets: targets.map(({ name }) => name) }),
    // Without a key anybody could have signed it.
    actions: key === '' ? {} : { [TEST_PATH]: test },
    closers: [
      {
        name: 'lanes',
        async close() {
          await Promise.all(all.map(({ lanes }) => lanes.stop()));
        },
      },
      { name: 'silences', close: () => silences.stop() },
      { name: 'ClickHouse', close: async () => await clickHouse?.close() },
    ],
  };
}

/** The time of the last reading is 0 until there is one, so that a process which never could read is seen as well as one that no longer can. */
function silencesOf(clickHouse: ClickHouse, { config, log, metrics, now }: Context): Silences {
  const readAt = metrics.gauge(
    'notify_silences_read_timestamp_seconds',
    'When silences were last read, seconds since the epoch; 0: not since the start',
  );
  return createSilences({
    read: () => silencesInForce(clickHouse, config.clickhouse.database, now()),
    wereRead: () => readAt.set(now() / 1_000),
    log,
    every: SILENCES_EVERY,
  });
}
