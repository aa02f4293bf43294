import type { SeededRandom } from '../support/random.ts';
import type { Fault } from './fault.ts';
import { anyOf, inTurn } from './harness/choose.ts';
import type { Harm, KafkaRequest } from './harness/kafka-proxy.ts';
import { VICTIMS } from './harness/rig.ts';
import { until } from './harness/watch.ts';

const REQUESTS: readonly KafkaRequest[] = [
  'InitProducerId',
  'AddPartitionsToTxn',
  'Produce',
  'AddOffsetsToTxn',
  'TxnOffsetCommit',
  'EndTxn',
];
const LONGEST_LATE = 3_000;
const MANNERS: Readonly<Record<string, (random: SeededRandom) => Harm>> = {
  'request lost': () => 'request-lost',
  'reply lost': () => 'reply-lost',
  'reply twice': () => 'reply-twice',
  'reply late': (random) => ({ replyLate: 1 + random.below(LONGEST_LATE) }),
};
const PLACES = REQUESTS.flatMap((request) =>
  Object.entries(MANNERS).map(([manner, harm]) => ({ request, manner, harm })),
);
const LEAST_HARMED = 3;
const MOST_HARMED = 9;
const HARMED_WITHIN = 20_000;

/**
 * What a service asks Kafka in a transaction is lost on the way, or the answer to it: then nobody can tell whether it was done, and asking again must not do it
 * twice. Or the answer comes late, or twice.
 */
export const kafkaReplyLost: Fault = {
  name: 'kafka-reply-lost',
  what: 'requests of transactions or their replies are lost, come late, or twice: three to nine a round',
  perHundred: 96,
  roundsPerStack: PLACES.length,
  proxiedKafka: true,
  async round(rig, random, round) {
    const place = inTurn(PLACES, round);
    const wanted = LEAST_HARMED + random.below(MOST_HARMED - LEAST_HARMED + 1);
    let harmed = 0;
    for (const proxy of rig.kafkaProxies)
      proxy.onRequest = (request) => {
        if (request !== place.request || harmed === wanted) return null;
        harmed++;
        return place.harm(random);
      };
    if (place.request === 'InitProducerId') {
      // Asked by those who begin.
      const service = rig.service(anyOf(VICTIMS, random));
      await service.kill();
      await service.start();
    }
    // Where there are fewer the round says so.
    await until(`${wanted} are harmed`, HARMED_WITHIN, async () => harmed === wanted).catch(() => {});
    for (const proxy of rig.kafkaProxies) proxy.onRequest = null;
    const at = `${place.request}, ${place.manner}`;
    return { did: `${at}: ${harmed} of ${wanted}`, place: at, isReached: harmed > 0 };
  },
};
