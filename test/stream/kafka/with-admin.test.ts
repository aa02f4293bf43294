import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Admin } from '../../../services/stream/kafka/client.ts';
import { withAdmin } from '../../../services/stream/kafka/with-admin.ts';

/** What is done to a connection, in order; `fails` where it is not let in. */
function recorded(fails = false) {
  const done: string[] = [];
  const admin: Pick<Admin, 'connect' | 'disconnect'> = {
    async connect() {
      done.push('connect');
      if (fails) throw new Error('not let in');
    },
    async disconnect() {
      done.push('disconnect');
    },
  };
  return { done, kafka: { admin: () => admin as Admin } };
}

test('the connection is closed after the answer, which is handed on', async () => {
  const { done, kafka } = recorded();
  const answer = await withAdmin(kafka, async () => {
    done.push('ask');
    return 7;
  });
  assert.equal(answer, 7);
  assert.deepEqual(done, ['connect', 'ask', 'disconnect']);
});

test('it is closed where the question fails, and where it was not let in', async () => {
  const { done, kafka } = recorded();
  await assert.rejects(
    withAdmin(kafka, async () => assert.fail('no such topic')),
    /no such topic/,
  );
  assert.deepEqual(done, ['connect', 'disconnect']);

  const refused = recorded(true);
  await assert.rejects(
    withAdmin(refused.kafka, async () => assert.fail('asked')),
    /not let in/,
  );
  assert.deepEqual(refused.done, ['connect', 'disconnect']);
});
