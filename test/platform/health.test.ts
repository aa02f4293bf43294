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
