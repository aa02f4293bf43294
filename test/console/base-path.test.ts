import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertRow, answers, consoleOver, fakeClickHouse } from './canned.ts';

const under = (publicUrl: string) =>
  consoleOver(fakeClickHouse(answers({ alert: () => [alertRow()] })), [], { publicUrl }).app;

test('a proxy may hand on the path under which people open the console, or leave it out', async () => {
  const app = under('https://ops.example/tools/stillwatch/');
  for (const path of ['/', '/app.js', '/api/alerts/a_c_1', '/api/openapi.json'])
    for (const url of [path, `/tools/stillwatch${path}`]) assert.equal((await app.inject(url)).statusCode, 200, url);
  for (const url of ['/tools', '/tools/stillwatchful/', '/stillwatch/', '/tools/stillwatch/tools/stillwatch/'])
    assert.equal((await app.inject(url)).statusCode, 404, url);
});

test('the path without the slash at its end leads to the page, since all that the page asks for is relative to it', async () => {
  const { statusCode, headers } = await under('https://ops.example/tools/stillwatch').inject('/tools/stillwatch');
  assert.equal(statusCode, 302);
  assert.equal(
    new URL(String(headers.location), 'https://ops.example/tools/stillwatch').href,
    'https://ops.example/tools/stillwatch/',
  );
});

test('the description says where people open it', async () => {
  const serversOf = async (publicUrl: string) => (await under(publicUrl).inject('/api/openapi.json')).json().servers;
  assert.deepEqual(await serversOf('https://ops.example/stillwatch'), [{ url: 'https://ops.example/stillwatch' }]);
  assert.equal(await serversOf(''), undefined);
});

test('the page names nothing by a path from the root of its host', async () => {
  const app = under('');
  const [page, script] = await Promise.all([app.inject('/'), app.inject('/app.js')]);
  assert.doesNotMatch(page.body, /(href|src)="\//);
  assert.doesNotMatch(script.body, /["'`]\/(api|icon)/);
});
