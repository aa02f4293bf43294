import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHealthServer } from '../../services/platform/health.ts';

test('whatever a health server answers is taken for what it says that it is, and kept nowhere', async (t) => {
  const health = await startHealthServer({
    host: '127.0.0.1',
    port: 0,
    ready: { ready: () => true },
    metrics: async () => '# <script>alert(1)</script>\n',
    status: () => ({}),
  });
  t.after(() => health.close());
  for (const path of ['/livez', '/readyz', '/status', '/metrics', '/nowhere']) {
    const { headers } = await fetch(`${health.url}${path}`);
    assert.match(
      headers.get('content-type') ?? '',
      /^(application\/json|text\/plain; version=0\.0\.4; charset=utf-8)$/,
    );
    assert.deepEqual(
      ['x-content-type-options', 'cache-control', 'content-security-policy'].map((name) => headers.get(name)),
      ['nosniff', 'no-store', "default-src 'none'; frame-ancestors 'none'"],
      path,
    );
  }
});

test('an action is asked by POST, with a few words; one that fails says nothing of why', async (t) => {
  const health = await startHealthServer({
    host: '127.0.0.1',
    port: 0,
    ready: {},
    metrics: async () => '',
    status: () => ({}),
    actions: {
      '/say': async ({ headers, body }) => ({ code: 202, body: { said: body, kind: headers['x-kind'] } }),
      '/fail': async () => {
        throw new Error('a password');
      },
    },
  });
  t.after(() => health.close());
  const ask = async (path: string, init: RequestInit) => {
    const response = await fetch(`${health.url}${path}`, init);
    return [response.status, await response.json()];
  };
  const post = (body: string) => ({ method: 'POST', body, headers: { 'x-kind': 'one' } });
  assert.deepEqual(await ask('/say?x=1', post('hello')), [202, { said: 'hello', kind: 'one' }]);
  assert.deepEqual(await ask('/say', {}), [405, { error: 'ask by POST' }]);
  assert.equal((await ask('/say', post('x'.repeat(1_001))))[0], 413);
  assert.deepEqual(await ask('/fail', post('')), [500, { error: 'it failed' }]);
  assert.equal((await ask('/toString', post('')))[0], 404);
});
