import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createFetch } from '../../services/platform/fetch.ts';

test('a redirect is an answer like any other: nobody is asked whom the configuration does not name', async (t) => {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const ask = createFetch({ ca: undefined, cert: undefined, key: undefined });
  const { port } = server.address() as AddressInfo;
  const init = { headers: {}, signal: AbortSignal.timeout(5_000) };
  const { ok, status } = await ask(new URL(`http://127.0.0.1:${port}/subjects`), init);
  assert.deepEqual([ok, status, asked], [false, 302, ['/subjects']]);
});
