import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MINUTE } from '../../services/records/window.ts';
import {
  eventWatermark,
  forceWatermark,
  markWatermark,
  NO_WATERMARK,
  observeEvent,
  observeMark,
  watermarkOf,
} from '../../services/stream/watermarks.ts';

const T = Date.UTC(2026, 3, 22);

test('a source that has sent nothing has no watermark', () => {
  assert.equal(watermarkOf(eventWatermark(MINUTE)), NO_WATERMARK);
  assert.equal(watermarkOf(markWatermark()), NO_WATERMARK);
});

test('the watermark follows the latest event at the distance of the grace, in whole minutes', () => {
  const state = eventWatermark(90_000);
  observeEvent(state, T + 5 * MINUTE + 29_999);
  assert.equal(watermarkOf(state), T + 3 * MINUTE);
  observeEvent(state, T + 5 * MINUTE + 30_000);
  assert.equal(watermarkOf(state), T + 4 * MINUTE);
});

test('an event within the grace of the latest one is never behind the watermark, in any order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 3 * 60 * MINUTE }), { minLength: 1 }),
      fc.integer({ min: 0, max: 10 * MINUTE }),
      (times, grace) => {
        const state = eventWatermark(grace);
        let latest = 0;
        for (const time of times) {
          if (time >= latest - grace) assert.ok(T + time >= watermarkOf(state) || watermarkOf(state) === NO_WATERMARK);
          latest = Math.max(latest, time);
          observeEvent(state, T + time);
        }
      },
    ),
  );
});

test('marks count only when every source has spoken, and then the slowest one does', () => {
  const state = markWatermark();
  observeMark(state, { source: 0, of: 2, time: T + 3 * MINUTE });
  assert.equal(watermarkOf(state), NO_WATERMARK);
  observeMark(state, { source: 1, of: 2, time: T + MINUTE });
  assert.equal(watermarkOf(state), T + MINUTE);
  observeMark(state, { source: 1, of: 2, time: T + 9 * MINUTE });
  assert.equal(watermarkOf(state), T + 3 * MINUTE);
});

test('a mark that goes back is ignored', () => {
  const state = markWatermark();
  observeMark(state, { source: 0, of: 1, time: T + 2 * MINUTE });
  observeMark(state, { source: 0, of: 1, time: T });
  assert.equal(watermarkOf(state), T + 2 * MINUTE);
});

test('an idle source can be moved on, never back', () => {
  const state = eventWatermark(MINUTE);
  observeEvent(state, T + 10 * MINUTE);
  forceWatermark(state, T + 60 * MINUTE);
  assert.equal(watermarkOf(state), T + 60 * MINUTE);
  forceWatermark(state, T);
  assert.equal(watermarkOf(state), T + 60 * MINUTE);
});
