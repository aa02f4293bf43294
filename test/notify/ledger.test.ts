import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeCheckpoint, encodeCheckpoint, Ledger, MOST_HELD, type Policy } from '../../services/notify/ledger.ts';
import type { AlertEvent } from '../../services/records/alert.ts';
import { revision } from './alerts.ts';

const DAY = Date.UTC(2026, 0, 10, 12);
const NIGHT = Date.UTC(2026, 0, 10, 23);
const SILENCED = DAY + 1;
/** Pages only; except that info is for everybody by an odd second route, and is quiet at night, as tickets are. */
const policy: Policy = {
  target: 'oncall',
  routes: [{ targets: ['oncall'], severity: ['page', 'info'], verdict: ['harvesting'] }],
  quietHours: [{ severity: ['ticket', 'info'], from: '22:00', to: '07:00', time_zone: 'UTC' }],
  isSilenced: () => false,
};

/** What a lane does with it, delivering at once. */
function take(ledger: Ledger, event: AlertEvent, offset: bigint, now: number): string {
  const decision = ledger.decide(event, now);
  if (decision === 'send') ledger.settle(event, offset, true);
  if (decision === 'hold') ledger.hold(event, offset);
  return decision;
}

test('who was told of an alert is told of all that follows, wherever it would be routed by then', () => {
  const ledger = new Ledger(policy);
  const lives = [
    revision(1, { severity: 'ticket' }),
    revision(2, { severity: 'page' }),
    revision(3, { severity: 'ticket' }),
    revision(4, { severity: 'ticket', status: 'resolved' }),
    revision(5, { severity: 'ticket' }),
  ];
  assert.deepEqual(
    lives.map((event, index) => take(ledger, event, BigInt(index), DAY)),
    ['skip', 'send', 'send', 'send', 'skip'],
  );
});

test('in quiet hours only the latest revision is kept, and it is due when they end; a page is sent at once and replaces it', () => {
  const ledger = new Ledger(policy);
  assert.equal(take(ledger, revision(1, { severity: 'info' }), 1n, NIGHT), 'hold');
  assert.equal(take(ledger, revision(2, { severity: 'info' }), 2n, NIGHT), 'hold');
  assert.equal(take(ledger, revision(1, { severity: 'info', alert_id: 'b' }), 3n, NIGHT), 'hold');
  assert.deepEqual(ledger.due(NIGHT), []);
  assert.deepEqual(
    ledger.due(DAY).map(({ event }) => [event.alert.alert_id, event.alert.revision]),
    [
      ['a_1', 2],
      ['b', 1],
    ],
  );
  assert.equal(take(ledger, revision(3, { severity: 'page' }), 4n, NIGHT), 'send');
  assert.deepEqual(
    ledger.due(DAY).map(({ event }) => event.alert.alert_id),
    ['b'],
  );
});

test('while somebody has silenced it not even a page is told; its latest revision is when the silence ends', () => {
  let silenced = true;
  const ledger = new Ledger({ ...policy, isSilenced: ({ alert_id }) => silenced && alert_id === 'a_1' });
  assert.equal(take(ledger, revision(1, { severity: 'page' }), 1n, DAY), 'hold');
  assert.equal(take(ledger, revision(2, { severity: 'page' }), 2n, DAY), 'hold');
  assert.equal(take(ledger, revision(1, { severity: 'page', alert_id: 'b' }), 3n, DAY), 'send');
  assert.deepEqual(ledger.due(DAY), []);
  silenced = false;
  assert.deepEqual(
    ledger.due(DAY).map(({ event }) => event.alert.revision),
    [2],
  );
});

test('the end of what was told goes out while it is silenced, so that no incident stays open; that of what was not told waits', () => {
  let silenced = false;
  const ledger = new Ledger({ ...policy, isSilenced: () => silenced });
  assert.equal(take(ledger, revision(1, { severity: 'page' }), 1n, DAY), 'send');
  silenced = true;
  assert.equal(take(ledger, revision(2, { severity: 'page' }), 2n, DAY), 'hold');
  assert.equal(take(ledger, revision(3, { severity: 'page', status: 'resolved' }), 3n, DAY), 'send');
  assert.deepEqual(ledger.counts(), { known: 0, held: 0 });
  const b = { severity: 'page', alert_id: 'b' } as const;
  assert.equal(take(ledger, revision(1, b), 4n, DAY), 'hold');
  assert.equal(take(ledger, revision(2, { ...b, status: 'resolved' }), 5n, DAY), 'hold');
});

test('an end that quiet hours held back is due when they end, silenced or not', () => {
  const ledger = new Ledger({ ...policy, isSilenced: (_, now) => now !== DAY });
  assert.equal(take(ledger, revision(1, { severity: 'info' }), 1n, DAY), 'send');
  assert.equal(take(ledger, revision(2, { severity: 'info', status: 'resolved' }), 2n, NIGHT), 'hold');
  assert.deepEqual(
    ledger.due(DAY + 1).map(({ event }) => event.type),
    ['stillwatch.alert.resolved'],
  );
});

test('what was last taken, not what was last tried, is what the target was told', () => {
  const ledger = new Ledger(policy);
  take(ledger, revision(1, { severity: 'page' }), 1n, DAY);
  ledger.settle(revision(2, { severity: 'ticket' }), 2n, false);
  assert.deepEqual(ledger.told('a_1'), { severity: 'page', verdict: 'harvesting' });
});

test('above the bound the oldest is told at once instead of growing', () => {
  const ledger = new Ledger(policy);
  for (let i = 0; i <= MOST_HELD; i++)
    take(ledger, revision(1, { severity: 'info', alert_id: `a_${i}` }), BigInt(i), NIGHT);
  assert.deepEqual(
    ledger.due(NIGHT).map(({ event }) => event.alert.alert_id),
    ['a_0'],
  );
});

test('a checkpoint fits into the metadata of an offset at any offsets', () => {
  const from = 9_000_000_000_000n;
  const checkpoint = {
    from,
    overtaken: Array.from({ length: 50 }, (_, i) => from + BigInt(i)),
    held: Array.from({ length: MOST_HELD + 1 }, (_, i) => ({
      offset: from + BigInt(i) * 70_000_000n,
      told: i % 2 === 0 ? null : ({ severity: 'info', verdict: 'coordinated_pool' } as const),
    })),
  };
  const text = encodeCheckpoint(checkpoint);
  assert.ok(text.length < 4_096, String(text.length));
  assert.deepEqual(decodeCheckpoint(text), checkpoint);
});

test('after a crash at any message the ledger knows and holds the same, from its checkpoint alone', () => {
  const message = fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    severity: fc.constantFrom('page', 'ticket', 'info'),
    status: fc.constantFrom('open', 'open', 'resolved'),
    now: fc.constantFrom(DAY, NIGHT, SILENCED),
  } as const);
  const silencing: Policy = { ...policy, isSilenced: (_, now) => now === SILENCED };
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), fc.nat(), (history, cut) => {
      const events = history.map(({ id, severity, status }, i) => revision(i + 1, { alert_id: id, severity, status }));
      const at = history.length === 0 ? 0 : cut % (history.length + 1);
      const live = new Ledger(silencing);
      for (const [i, { now }] of history.slice(0, at).entries()) {
        for (const due of live.due(now)) live.settle(due.event, due.offset, true);
        take(live, events[i] as AlertEvent, BigInt(i), now);
      }
      const checkpoint = decodeCheckpoint(encodeCheckpoint(live.checkpoint(BigInt(at))));
      const restored = new Ledger(silencing);
      for (let i = Number(checkpoint.from); i < at; i++)
        restored.replay(events[i] as AlertEvent, BigInt(i), checkpoint);
      assert.deepEqual(restored.counts(), live.counts());
      assert.deepEqual(restored.due(DAY), live.due(DAY));
      for (const id of ['a', 'b', 'c']) {
        assert.deepEqual(restored.told(id), live.told(id));
        for (const severity of ['page', 'ticket', 'info'] as const)
          for (const status of ['open', 'resolved'] as const)
            for (const now of [DAY, SILENCED]) {
              const next = revision(99, { alert_id: id, severity, status });
              assert.equal(restored.decide(next, now), live.decide(next, now));
            }
      }
    }),
    { numRuns: 2_000 },
  );
});
