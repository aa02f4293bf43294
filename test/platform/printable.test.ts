import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { jsonText, yamlText } from '../../services/command/output.ts';
import { formatTable } from '../../services/command/table.ts';
import { printable, printableLine } from '../../services/platform/printable.ts';
import { PAYLOADS, STEERS } from '../support/payloads.ts';

const TEXTS = PAYLOADS.map(({ text }) => text);
const anyText = fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));

test('what is looked for is in the payloads, and they are enough', () => {
  assert.ok(TEXTS.length >= 500, `${TEXTS.length} payloads`);
  assert.ok(TEXTS.filter((text) => STEERS.test(text)).length > 90);
});

test('nothing steers a terminal, and what can be read stays as it is', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.doesNotMatch(printable(text), STEERS);
      assert.doesNotMatch(printableLine(text), /[\n\t]/);
      assert.equal(printable(printable(text)), printable(text));
    }),
  );
  for (const text of ['acct_1', 'Zoë, 猫 and Ελένη: "a/b" 100 % = 1', 'two\n\tlines', '🦊'])
    assert.equal(printable(text), text);
});

test('JSON and YAML mean the same as before, whatever texts they hold', () => {
  for (const text of TEXTS) {
    const value = { note: text, list: [text, { inner: text }], fine: 'a\nb' };
    for (const indent of [undefined, 2]) {
      const json = jsonText(value, indent);
      assert.doesNotMatch(json, STEERS);
      assert.deepEqual(JSON.parse(json), value);
    }
    const yaml = yamlText(value);
    assert.doesNotMatch(yaml, STEERS);
    assert.deepEqual(parse(yaml), value, JSON.stringify(text));
  }
});

test('a cell is a part of one line of its table', () => {
  for (const text of TEXTS) {
    const lines = formatTable(['alert', 'status'], [[text, 'open']]).split('\n');
    assert.equal(lines.length, 2, JSON.stringify(text));
    assert.doesNotMatch(lines.join('\n'), STEERS);
    assert.ok(lines[1]?.endsWith('open'));
  }
});

const LOG = join(import.meta.dirname, '../../services/platform/log.ts');

/** What a service writes that logs each of them as message, field and error. */
function logged(format: 'json' | 'pretty'): string {
  const source = `
    const { createLog } = await import(${JSON.stringify(LOG)});
    const log = createLog({ service: 's', level: 'info', format: '${format}', isTerminal: false, mask: (text) => text });
    for (const text of JSON.parse(await new Response(process.stdin).text()))
      log.info({ alert_id: text, err: Object.assign(new Error(text), { stack: 'Error: ' + text }) }, 'about ' + text);`;
  const script = `exec "$0" --input-type=module -e "$1" 2>&1`;
  return execFileSync('sh', ['-c', script, process.execPath, source], {
    input: JSON.stringify(TEXTS),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
}

test('a log has one line for each thing that is logged, with the text whole, and none steers a terminal', () => {
  const lines = logged('json').trimEnd().split('\n');
  assert.doesNotMatch(lines.join('\n'), STEERS);
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)).map(({ alert_id, msg }) => [alert_id, msg]),
    TEXTS.map((text) => [text, `about ${text}`]),
  );
});

test('on a terminal too: no text begins a line that looks like one of the log', () => {
  const shown = logged('pretty');
  assert.doesNotMatch(shown, STEERS);
  const heads = shown.split('\n').filter((line) => !line.startsWith(' '));
  assert.equal(heads.filter((line) => /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: about /.test(line)).length, TEXTS.length);
  assert.deepEqual(
    heads.filter((line) => !/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: about /.test(line) && line !== ''),
    [],
  );
});
