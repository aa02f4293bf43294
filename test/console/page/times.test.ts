import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { clock, offset, relative } from '../../../services/console/page/times.ts';

const before = process.env['TZ'];
afterEach(() => {
  if (before === undefined) delete process.env['TZ'];
  else process.env['TZ'] = before;
});

const HALF = 30 * 60_000;
/** As it is read on the page, half an hour after half an hour. */
function readIn(zone: string, from: number, steps: number): string[] {
  process.env['TZ'] = zone;
  return Array.from({ length: steps }, (_, step) => from + step * HALF).map(
    (at) => `${clock(at, 'local').slice(5)} ${offset(at, 'local')}`,
  );
}

test('when summer time ends, the hour that is there twice is told apart by its offset', () => {
  assert.deepEqual(readIn('Europe/Berlin', Date.UTC(2026, 9, 25, 0), 5), [
    '10-25 02:00 +02:00',
    '10-25 02:30 +02:00',
    '10-25 02:00 +01:00',
    '10-25 02:30 +01:00',
    '10-25 03:00 +01:00',
  ]);
});

test('when it begins, the hour that is not there is left out', () => {
  assert.deepEqual(readIn('America/New_York', Date.UTC(2026, 2, 8, 6), 4), [
    '03-08 01:00 -05:00',
    '03-08 01:30 -05:00',
    '03-08 03:00 -04:00',
    '03-08 03:30 -04:00',
  ]);
});

test('zones of half and quarter hours, and a change by half an hour', () => {
  assert.deepEqual(readIn('Asia/Kathmandu', Date.UTC(2026, 3, 22), 1), ['04-22 05:45 +05:45']);
  assert.deepEqual(readIn('America/St_Johns', Date.UTC(2026, 0, 1), 1), ['12-31 20:30 -03:30']);
  assert.deepEqual(readIn('Australia/Lord_Howe', Date.UTC(2026, 3, 4, 14), 4), [
    '04-05 01:00 +11:00',
    '04-05 01:30 +11:00',
    '04-05 01:30 +10:30',
    '04-05 02:00 +10:30',
  ]);
});

test('UTC is UTC on every machine', () => {
  process.env['TZ'] = 'Pacific/Auckland';
  const at = Date.UTC(2026, 3, 22, 3);
  assert.deepEqual([clock(at, 'utc'), offset(at, 'utc')], ['2026-04-22 03:00', 'UTC']);
});

test('how long ago, or how far ahead, is counted in elapsed time: summer time takes nothing of it', () => {
  process.env['TZ'] = 'Europe/Berlin';
  const noon = Date.UTC(2026, 9, 25, 11);
  assert.equal(relative(Date.UTC(2026, 9, 24, 11), noon), '1 d ago');
  // From noon to noon by the clock, but an hour more.
  assert.equal(relative(Date.UTC(2026, 9, 24, 10), noon), '1 d ago');
  assert.equal(relative(Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)), '1 h ago');
  assert.equal(relative(noon + 5 * 3_600_000, noon), 'in 5 h');
  assert.equal(relative(noon, noon), 'under 1 min ago');
});
