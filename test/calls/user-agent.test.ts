import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LLM_CLIENTS } from '../../services/calls/data/llm-clients.ts';
import { createClientClassifier } from '../../services/calls/user-agent.ts';

const classify = createClientClassifier();
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)';

const CASES: readonly [userAgent: string | null, kind: string, family: string][] = [
  [null, 'absent', 'none'],
  ['', 'absent', 'none'],
  ['OpenAI/Python 1.70.0', 'sdk', 'openai-python'],
  ['AsyncOpenAI/Python 1.70.0', 'sdk', 'openai-python'],
  ['OpenAI/JS 4.90.0', 'sdk', 'openai-node'],
  ['Anthropic/Python 0.49.0', 'sdk', 'anthropic-python'],
  ['ai-sdk/openai/1.3.0 runtime/node.js/22', 'sdk', 'vercel-ai'],
  ['langchain-openai/0.3.9', 'agent_framework', 'langchain'],
  ['OpenAI/Python 1.70.0 langchain/0.3', 'agent_framework', 'langchain'],
  ['Agents/Python 0.1.0', 'agent_framework', 'openai-agents'],
  ['litellm/1.63.14', 'relay', 'litellm'],
  ['New-API/0.9 OpenAI/Python', 'relay', 'new-api'],
  ['Cline/3.8.4', 'ide', 'cline'],
  ['GitHubCopilotChat/0.20.0', 'ide', 'github-copilot'],
  ['claude-cli/1.0.57 (external, cli)', 'cli', 'claude-cli'],
  ['codex_cli_rs/0.21.0 (Ubuntu 24.4.0; x86_64) xterm-256color', 'cli', 'codex'],
  ['Go-http-client/2.0', 'script', 'go-http-client'],
  ['Python/3.12 aiohttp/3.10.5', 'script', 'aiohttp'],
  ['Apache-HttpClient/5.4.2 (Java/21.0.6)', 'script', 'java'],
  ['node', 'script', 'node'],
  [CHROME, 'browser', 'chrome'],
  [`${CHROME} Edg/133.0.0.0`, 'browser', 'edge'],
  [`${CHROME} OPR/117.0.0.0`, 'browser', 'opera'],
  [CHROME.replace('Chrome', 'HeadlessChrome'), 'browser', 'chrome-headless'],
  [CHROME.replace('Chrome', 'SamsungBrowser/25.0 Chrome'), 'browser', 'samsung-internet'],
  [CHROME.replace('Win64', 'wv'), 'browser', 'chrome-webview'],
  [`${MAC} Version/18.3 Safari/605.1.15`, 'browser', 'safari'],
  [`${MAC} Version/18.3 Mobile/15E148 Safari/604.1`, 'browser', 'mobile-safari'],
  [`${MAC} CriOS/134.0 Mobile/15E148 Safari/604.1`, 'browser', 'chrome'],
  [`${MAC} Mobile/15E148 [FBAN/FBIOS;FBAV/300.0;FBDV/iPhone11,8]`, 'browser', 'facebook'],
  ['Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko', 'browser', 'ie'],
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'unknown', 'mozilla'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0', 'browser', 'firefox'],
  ['AcmeBot/2.0 (+https://acme.example)', 'unknown', 'acmebot'],
  ['Mozilla/5.0', 'unknown', 'mozilla'],
];

for (const [userAgent, kind, family] of CASES) {
  test(`${JSON.stringify(userAgent)} is ${kind}/${family}`, () =>
    assert.deepEqual(classify(userAgent), { class: kind, family }));
}

test('a product name inside another word is not that product', () => {
  assert.equal(classify('Spargot/1.0').class, 'unknown');
  assert.equal(classify('mycurl/1.0').class, 'unknown');
});

test('every product of the table is found, and none is listed twice', () => {
  const names = Object.values(LLM_CLIENTS).flatMap((families) => Object.values(families).flat());
  assert.equal(new Set(names).size, names.length);
  for (const [kind, families] of Object.entries(LLM_CLIENTS)) {
    for (const [family, products] of Object.entries(families)) {
      for (const product of products)
        assert.deepEqual(classify(`${product.toUpperCase()}/1.0`), { class: kind, family }, product);
    }
  }
});

test('any text has a class, the same the second time, and a family fit for a column', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (userAgent) => {
      const client = classify(userAgent);
      assert.deepEqual(classify(userAgent), client);
      assert.match(client.family, /^[a-z0-9._-]{1,40}$/);
    }),
  );
});

test('what stands behind the first 1,024 characters does not count', () => {
  assert.equal(classify(`${'x'.repeat(1_024)} curl/8`).class, 'unknown');
});

test('more clients than the cache holds are still told apart', () => {
  const small = createClientClassifier();
  for (let i = 0; i < 12_000; i++) assert.equal(small(`tool${i}/1`).family, `tool${i}`);
  assert.equal(small('curl/8').family, 'curl');
});
