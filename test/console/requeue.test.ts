import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Requeue } from '../../services/console/routes/dead-letters.ts';
import { StillwatchError } from '../../services/platform/errors.ts';
import { consoleOver, fakeClickHouse } from './canned.ts';

const LETTERS = { topic: 'llm.api-calls', reason: 'unknown_schema', by: 'kim' };
const DONE = { requeued: 2, already: 1, internal: 0, missing: [] };

function consoleWith(requeue: Requeue | null) {
  const clickhouse = fakeClickHouse(() => []);
  const { app } = consoleOver(clickhouse, [], { requeue });
  const post = (payload: object = LETTERS) => app.inject({ method: 'POST', url: '/api/dead-letters/requeue', payload });
  return { app, clickhouse, post };
}

test('letters of a topic and reason are sent back, after the audit log says who did it', async () => {
  const asked: unknown[] = [];
  const { clickhouse, post } = consoleWith(async (letters) => {
    asked.push([letters, clickhouse.inserted.length]);
    return DONE;
  });
  const response = await post();
  assert.deepEqual([response.statusCode, response.json()], [200, DONE]);
  assert.deepEqual(asked, [[{ topic: 'llm.api-calls', reason: 'unknown_schema' }, 1]]);
  const [audited] = clickhouse.inserted;
  assert.deepEqual(
    [audited?.table, audited?.rows[0]?.['author'], audited?.rows[0]?.['action'], audited?.rows[0]?.['target']],
    ['audit_log', 'kim', 'requeue', 'llm.api-calls'],
  );
});

test('a console that may not says so, and what to type', async () => {
  const { app, clickhouse, post } = consoleWith(null);
  const response = await post();
  assert.equal(response.statusCode, 403);
  assert.match(response.json().hint, /stillwatch dlq requeue --topic llm\.api-calls --reason unknown_schema$/);
  assert.deepEqual(clickhouse.inserted, []);
  assert.deepEqual((await app.inject('/api/pipeline')).json().requeued_topics, []);
});

test('two at once: the second is asked to wait, and may when the first is done', async () => {
  const first = Promise.withResolvers<typeof DONE>();
  const begun = Promise.withResolvers<void>();
  const { post } = consoleWith(() => {
    begun.resolve();
    return first.promise;
  });
  const pending = post();
  await begun.promise;
  assert.equal((await post()).statusCode, 429);
  first.resolve(DONE);
  assert.equal((await pending).statusCode, 200);
  assert.equal((await post()).statusCode, 200);
});

test('what went wrong is said with what to do, and another may be asked', async () => {
  let calls = 0;
  const { post } = consoleWith(async () => {
    if (++calls === 1) throw new StillwatchError('OVERTAKEN', 'somebody else has begun to requeue', 'wait for them');
    return DONE;
  });
  const { statusCode, ...failed } = await post();
  assert.deepEqual(
    [statusCode, failed.json().what, failed.json().hint],
    [503, 'somebody else has begun to requeue', 'wait for them'],
  );
  assert.equal((await post()).statusCode, 200);
});

test('only what came from outside goes back, and a reason is a reason', async () => {
  const { post } = consoleWith(async () => DONE);
  for (const over of [{ topic: 'stillwatch.alerts' }, { reason: 'x; rm -rf /' }, { reason: '' }])
    assert.equal((await post({ ...LETTERS, ...over })).statusCode, 400, JSON.stringify(over));
});
