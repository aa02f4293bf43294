import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../services/records/window.ts';
import { idleTarget, lastClose } from '../../services/stream/idle.ts';

const T = Date.UTC(2026, 3, 22, 10);
const busy = (watermark: number) => ({ watermark, latest: watermark + MINUTE, idle: false });
const idle = (watermark: number) => ({ watermark, latest: watermark + MINUTE, idle: true });

test('an idle partition follows the slowest busy one', () => {
  const target = idleTarget({
    own: { watermark: T, latest: T },
    peers: [busy(T + 9 * MINUTE), busy(T + 5 * MINUTE), idle(T + HOUR)],
    quietFor: null,
    speed: 1,
  });
  assert.equal(target, T + 5 * MINUTE);
});

test('a partition that never had an event follows the others too', () => {
  assert.equal(idleTarget({ own: { watermark: 0, latest: 0 }, peers: [busy(T)], quietFor: null, speed: 1 }), T);
});

test('it never goes back when a busy one is behind', () => {
  assert.equal(idleTarget({ own: { watermark: T, latest: T }, peers: [busy(T - HOUR)], quietFor: null, speed: 1 }), T);
});

test('it waits for a peer that has not said anything yet', () => {
  assert.equal(
    idleTarget({ own: { watermark: T, latest: T }, peers: [null, busy(T + HOUR)], quietFor: null, speed: 1 }),
    T,
  );
});

test('when all are idle the clock goes on, at the speed of the history', () => {
  const own = { watermark: T, latest: T + MINUTE };
  assert.equal(idleTarget({ own, peers: [idle(T)], quietFor: 5 * MINUTE, speed: 1 }), T + 6 * MINUTE);
  assert.equal(idleTarget({ own, peers: [idle(T)], quietFor: MINUTE, speed: 60 }), T + MINUTE + HOUR);
});

test('the clock stops when the last open window is closed', () => {
  const own = { watermark: T, latest: T };
  assert.equal(idleTarget({ own, peers: [], quietFor: 90 * DAY, speed: 1 }), lastClose(T));
  assert.equal(lastClose(T), Date.UTC(2026, 3, 23));
});

test('all idle tasks meet at the same time', () => {
  const peers = [idle(T), idle(T + 2 * HOUR), idle(T + DAY)];
  const ends = peers.map((own, i) =>
    idleTarget({ own, peers: peers.filter((_, j) => j !== i), quietFor: 9 * DAY, speed: 1 }),
  );
  assert.deepEqual(new Set(ends), new Set([lastClose(T + DAY + MINUTE)]));
});

test('nothing at all has happened: time stands still', () => {
  assert.equal(
    idleTarget({
      own: { watermark: 0, latest: 0 },
      peers: [{ watermark: 0, latest: 0, idle: true }],
      quietFor: DAY,
      speed: 1,
    }),
    0,
  );
});
