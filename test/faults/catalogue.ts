import { brokerKill, oneBrokerAway, rollingRestart } from './brokers.ts';
import { clickHouseAway, clickHouseReplyLost, clickHouseSlow } from './clickhouse.ts';
import { clockJump } from './clock-jump.ts';
import { diskFull } from './disk-full.ts';
import type { Fault } from './fault.ts';
import { killAtTheEdge } from './kill-at-the-edge.ts';
import { killInTransaction } from './kill-in-transaction.ts';
import { killServices } from './kill-services.ts';
import { registryAway } from './registry-away.ts';
import { scale } from './scale.ts';
import { terminate } from './terminate.ts';
import { zombie } from './zombie.ts';

/** Milliseconds for which things are away. */
export interface Outages {
  clickHouse: number;
  broker: number;
}

export function faults(outages: Outages): readonly Fault[] {
  return [
    killServices,
    killInTransaction(),
    killAtTheEdge,
    zombie(),
    terminate,
    brokerKill,
    rollingRestart,
    oneBrokerAway(outages.broker),
    clickHouseAway(outages.clickHouse),
    clickHouseSlow,
    clickHouseReplyLost,
    scale,
    registryAway,
    diskFull,
    clockJump,
  ];
}
