import type { Fault } from './fault.ts';
import { inTurn } from './harness/choose.ts';
import type { Rig } from './harness/rig.ts';
import { until } from './harness/watch.ts';

/** Where output leaves Kafka: what is outside says when. */
const EDGES = ['before-insert', 'after-insert', 'after-delivery'] as const;
type Edge = (typeof EDGES)[number];
const REACHED_WITHIN = 15_000;

export const killAtTheEdge: Fault = {
  name: 'kill-at-the-edge',
  what: 'kill -9 of the sink before an insert arrives and after it is stored, of notify before it hears of a delivery',
  perHundred: 12,
  lasts: 20_000,
  async round(rig, _, round) {
    const edge = inTurn(EDGES, round);
    const service = rig.service(edge === 'after-delivery' ? 'notify' : 'sink');
    // Alerts are few: some must be waiting.
    if (edge === 'after-delivery') {
      await service.kill();
      await rig.alertsToTell();
      await service.start();
    }
    const killed = hook(rig, edge, () => service.signal('SIGKILL'));
    const isReached = await until(edge, REACHED_WITHIN, async () => killed.done).then(
      () => true,
      () => false,
    );
    killed.unhook();
    await service.kill();
    await service.start();
    return { did: `${edge}${isReached ? '' : ', not reached: killed where it stood'}`, place: edge, isReached };
  },
};

/** Calls `kill` once, at the edge. */
function hook(rig: Rig, edge: Edge, kill: () => void): { done: boolean; unhook(): void } {
  const state = {
    done: false,
    unhook() {
      rig.proxy.onInsert = null;
      rig.proxy.onInserted = null;
      rig.webhook.onEvent = null;
    },
  };
  const once = (): boolean => {
    if (state.done) return true;
    state.done = true;
    kill();
    return false;
  };
  if (edge === 'before-insert') rig.proxy.onInsert = once;
  else if (edge === 'after-insert') rig.proxy.onInserted = once;
  else rig.webhook.onEvent = once;
  return state;
}
