import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Console } from '../../services/console/console.ts';
import { MOST_HANDLED } from '../../services/feedback/handling.ts';
import { alertRow } from '../../services/sink/rows/alert.ts';
import { alertEvent } from '../support/records.ts';
import { rowByName } from '../support/row-by-name.ts';
import { startSeededTables } from './seeded.ts';

const MORE = MOST_HANDLED + 2_000;
const TEXT = 'one of a flood';

let tables: Awaited<ReturnType<typeof startSeededTables>>;
let server: Console;
/** Each change at a later moment than the one before. */
let clock = Date.now();

before(async () => {
  tables = await startSeededTables();
  server = tables.console({ now: () => ++clock });
  const event = alertEvent();
  const flood = Array.from({ length: MORE }, (_, number) =>
    rowByName(alertRow, { ...event, alert: { ...event.alert, alert_id: `a_flood_${number}`, summary: TEXT } }),
  );
  await tables.clickHouse.insert('alerts', flood, 'flood');
});
after(async () => {
  await server?.close();
  await tables?.stop();
});

async function change(over: object): Promise<Record<string, number>> {
  const response = await server.app.inject({
    method: 'POST',
    url: '/api/acknowledgements',
    headers: { host: 'localhost' },
    payload: { filter: { text: TEXT }, by: 'kim', ...over },
  });
  assert.equal(response.statusCode, 200, response.body);
  return response.json();
}

test('done again, a bulk acknowledgement goes on with what it did not reach; taken back likewise', async () => {
  const steps: [object, Record<string, number>][] = [
    [{}, { changed: MOST_HANDLED, already: 0, unknown: 0, left: 2_000 }],
    [{}, { changed: 2_000, already: MOST_HANDLED, unknown: 0, left: 0 }],
    [{}, { changed: 0, already: MORE, unknown: 0, left: 0 }],
    [{ filter: { text: TEXT, handling: 'waiting' } }, { changed: 0, already: 0, unknown: 0, left: 0 }],
    [{ acknowledged: false }, { changed: MOST_HANDLED, already: 0, unknown: 0, left: 2_000 }],
    [
      { acknowledged: false, filter: { text: TEXT, handling: 'acknowledged' } },
      { changed: 2_000, already: 0, unknown: 0, left: 0 },
    ],
  ];
  for (const [over, outcome] of steps) assert.deepEqual(await change(over), outcome, JSON.stringify(over));
});
