import { brokerCutOff } from './broker-cut-off.ts';
import { brokerKill, oneBrokerAway, rollingRestart } from './brokers.ts';
import { clickHouseAway, clickHouseReplyLost, clickHouseSlow } from './clickhouse.ts';
import { clockJump } from './clock-jump.ts';
import { coordinatorKill } from './coordinator-kill.ts';
import { diskFull } from './disk-full.ts';
import type { Fault } from './fault.ts';
import type { Sabotage } from './harness/fault-points.ts';
import { hijack } from './hijack.ts';
import { kafkaReplyLost } from './kafka-reply-lost.ts';
import { killAtTheEdge } from './kill-at-the-edge.ts';
import { killInTransaction } from './kill-in-transaction.ts';
import { killServices } from './kill-services.ts';
import { mixed } from './mixed.ts';
import { rebalanceStorm } from './rebalance-storm.ts';
import { registryAway } from './registry-away.ts';
import { scale } from './scale.ts';
import { soak } from './soak.ts';
import { terminate } from './terminate.ts';
import { upgrade } from './upgrade.ts';
import { zombie } from './zombie.ts';

/** With a defect in the runner: the fault that must find it. */
export function faultFor(sabotage: Sabotage): Fault {
  return { 'drop-offset': killInTransaction, 'skip-fence': zombie }[sabotage](sabotage);
}

/** Milliseconds for which things are away. */
export interface Outages {
  clickHouse: number;
  broker: number;
}

/** Long enough to be noticed, where others are waiting. */
const SHORT_OUTAGE = 15_000;

/** `earlier`: a checkout of an earlier version; without one there is no upgrade to try. */
export function faults(outages: Outages, earlier: string | null): readonly Fault[] {
  const first = [killServices, killInTransaction(), killAtTheEdge, zombie(), hijack, terminate];
  const more = [clickHouseSlow, clickHouseReplyLost, scale, clockJump];
  const all = [...first, clickHouseAway(Math.min(outages.clickHouse, SHORT_OUTAGE), Infinity), ...more];
  return [
    ...first,
    clickHouseAway(outages.clickHouse),
    ...more,
    mixed(all),
    soak(mixed([...all, rebalanceStorm, brokerKill])),
    rebalanceStorm,
    brokerKill,
    coordinatorKill,
    rollingRestart,
    oneBrokerAway(outages.broker),
    kafkaReplyLost,
    brokerCutOff,
    registryAway,
    diskFull,
    ...(earlier === null ? [] : [upgrade(earlier)]),
  ];
}
