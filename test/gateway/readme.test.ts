import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCodecs } from '../../services/records/codec/codecs.ts';

const ROOT = join(import.meta.dirname, '../..');
const GATEWAY = join(ROOT, 'services/gateway');
const PYTHON = process.env['PYTHON'] ?? '/usr/bin/python3';
const PAGE = readFileSync(join(GATEWAY, 'README.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, block = '']) => block);
const TYPESCRIPT = blocks('ts');
const [WITH_CONFLUENT = '', ...otherPython] = blocks('python');

/** The snippet as it stands there, with a producer that keeps what it is given, and a call to report. */
const REPORT = `
import base64, json, sys, types
class Producer:
    def __init__(self, settings): self.sent = []
    def produce(self, topic, key, value): self.sent.append([topic, key, base64.b64encode(value).decode()])
    def poll(self, timeout): pass
sys.modules["confluent_kafka"] = types.SimpleNamespace(Producer=Producer)
given = json.load(sys.stdin)
page = {}
exec(compile(given["snippet"], "README.md", "exec"), page)
page["report"](given["call"], given["system_prompt"])
print(json.dumps(page["producer"].sent))
`;

test('every block of the page is checked here', () => {
  assert.equal(TYPESCRIPT.length + 1 + otherPython.length, PAGE.match(/^```\w+$/gm)?.length);
  assert.equal(TYPESCRIPT.length, 2);
  assert.deepEqual(otherPython, []);
});

test('the blocks in TypeScript hold by the types of what the package exports', async () => {
  // Inside the package, whose name they import: `outDir` leads the compiler from what is exported, which is built, to its source.
  const parent = join(ROOT, '.run');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'readme-'));
  try {
    const compilerOptions = { rootDir: ROOT, outDir: join(ROOT, 'dist'), noEmit: true };
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: ['*.ts'] }),
    );
    for (const [at, block] of TYPESCRIPT.entries()) await writeFile(join(folder, `block-${at + 1}.ts`), block);
    const { status, stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
    assert.equal(status, 0, stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the block in Python reports a call that is read as it was meant', {
  skip: existsSync(PYTHON) ? false : `there is no ${PYTHON}: name one in PYTHON`,
}, () => {
  const call = {
    event_id: 'e1',
    occurred_at: 1_776_859_200_250,
    account_id: 'acct_1',
    operation_name: 'chat',
    request_model: 'nimbus-2',
    input_tokens: 90,
    output_tokens: 210,
    status_code: 200,
  };
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-W', 'error', '-c', REPORT], {
    cwd: join(ROOT, 'schemas'),
    input: JSON.stringify({ snippet: WITH_CONFLUENT, call, system_prompt: 'You are a poet.' }),
    encoding: 'utf8',
    env: { PYTHONPATH: join(GATEWAY, 'python'), PYTHONDONTWRITEBYTECODE: '1', GATEWAY_HASHING_KEY: 'k' },
  });
  assert.equal(status, 0, stderr);
  const [[topic, key, value] = []] = JSON.parse(stdout) as [string, string, string][];
  const decoded = createCodecs(null)
    .of('api-call')
    .decode(Buffer.from(value ?? '', 'base64'));
  assert.ok(decoded.ok);
  assert.deepEqual(
    [topic, key, decoded.value.event_id, decoded.value.input_tokens],
    ['llm.api-calls', 'acct_1', 'e1', 90],
  );
  assert.match(decoded.value.system_prompt_hash ?? '', /^[0-9a-f]{32}$/);
});
