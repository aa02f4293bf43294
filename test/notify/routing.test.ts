import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quietHoursAt } from '../../services/notify/quiet-hours.ts';
import { isRouted, matchingRoutes } from '../../services/notify/routing.ts';
import type { QuietHours, RouteConfig } from '../../services/platform/config/notify-schema.ts';

const all = { severity: ['page', 'ticket', 'info'], verdict: ['harvesting', 'coordinated_pool'] } satisfies Omit<
  RouteConfig,
  'targets'
>;
const routes: RouteConfig[] = [
  { ...all, targets: ['oncall'], severity: ['page'], verdict: ['harvesting'] },
  { ...all, targets: ['channel', 'oncall'], verdict: ['harvesting'] },
];

test('every route that matches counts, by severity and verdict', () => {
  const page = { severity: 'page', verdict: 'harvesting', cohort: '' } as const;
  const ticket = { severity: 'ticket', verdict: 'coordinated_pool', cohort: '' } as const;
  assert.deepEqual(matchingRoutes(routes, 'oncall', page), [1, 2]);
  assert.deepEqual(matchingRoutes(routes, 'channel', page), [2]);
  assert.equal(isRouted(routes, 'channel', ticket), false);
  assert.equal(isRouted([], 'anyone', ticket), true, 'without routes everybody is told');
});

test('a route of a cohort takes that cohort and those within it, and none whose name only begins like it', () => {
  const route = { ...all, targets: ['accounts'], cohort: ['enterprise', 'free/chat'] };
  const taken = (cohort: string) => isRouted([route], 'accounts', { severity: 'page', verdict: 'harvesting', cohort });
  assert.deepEqual(['enterprise', 'enterprise/chat/gpt-/calls-4^3', 'free/chat/gpt-/calls-4^0'].map(taken), [
    true,
    true,
    true,
  ]);
  assert.deepEqual(['enterprise_trial/chat', 'free/chatty/gpt-/calls-4^0', 'free', ''].map(taken), [
    false,
    false,
    false,
    false,
  ]);
});

const night: QuietHours = { severity: ['ticket'], from: '22:00', to: '07:00', time_zone: 'Europe/Berlin' };
const isQuiet = (at: string, hours = night, severity: 'page' | 'ticket' | 'info' = 'ticket', target = 'channel') =>
  quietHoursAt([hours], target, severity, Date.parse(at)) !== null;

test('quiet hours go over midnight, by the clock of their time zone; the end is not part of them', () => {
  assert.deepEqual(
    ['2026-01-10T20:59Z', '2026-01-10T21:00Z', '2026-01-11T05:59Z', '2026-01-11T06:00Z'].map((at) => isQuiet(at)),
    [false, true, true, false],
  );
});

test('they follow summer time: the same clock, another hour of UTC', () => {
  assert.deepEqual(
    ['2026-07-10T19:59Z', '2026-07-10T20:00Z', '2026-07-11T04:59Z', '2026-07-11T05:00Z'].map((at) => isQuiet(at)),
    [false, true, true, false],
  );
  // The night of 29 March 2026 has no 02:30, that of 25 October has two.
  assert.deepEqual(
    ['2026-03-29T00:59Z', '2026-03-29T01:01Z', '2026-10-25T00:30Z', '2026-10-25T01:30Z'].map((at) => isQuiet(at)),
    [true, true, true, true],
  );
});

test('within one day they begin and end on it', () => {
  const noon = { ...night, from: '12:00', to: '13:00', time_zone: 'UTC' };
  assert.deepEqual(
    ['2026-01-10T11:59Z', '2026-01-10T12:00Z', '2026-01-10T13:00Z'].map((at) => isQuiet(at, noon)),
    [false, true, false],
  );
});

test('they hold for their severities and targets alone', () => {
  const at = '2026-01-10T23:00Z';
  assert.equal(isQuiet(at, night, 'page'), false);
  assert.equal(isQuiet(at, night, 'info'), false);
  assert.equal(isQuiet(at, { ...night, targets: ['other'] }), false);
  assert.equal(isQuiet(at, { ...night, targets: ['channel'] }), true);
});
