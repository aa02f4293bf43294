import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { slackRequest } from '../../../services/notify/targets/slack.ts';
import { anyEvent, CONSOLE, revision, telling } from '../alerts.ts';

const options = { url: 'https://hooks.slack.example/x', consoleUrl: CONSOLE };
const bodyOf = (event: ReturnType<typeof revision>, over: Partial<typeof options> = {}): z.infer<typeof message> =>
  message.parse(JSON.parse(slackRequest(telling(event), { ...options, ...over }).body));

/** https://docs.slack.dev/reference/block-kit/blocks, as published, for the blocks that are used. */
const plain = (most: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(most), emoji: z.boolean().optional() });
const mrkdwn = (most: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(most), verbatim: z.literal(true) });
const block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), text: plain(150) }),
  z
    .strictObject({
      type: z.literal('section'),
      text: mrkdwn(3_000).optional(),
      fields: z.array(mrkdwn(2_000)).min(1).max(10).optional(),
    })
    .refine(({ text, fields }) => text !== undefined || fields !== undefined),
  z.strictObject({ type: z.literal('context'), elements: z.array(mrkdwn(2_000)).min(1).max(10) }),
  z.strictObject({
    type: z.literal('actions'),
    elements: z
      .array(
        z.strictObject({ type: z.literal('button'), text: plain(75), url: z.url({ protocol: /^https?$/ }).max(3_000) }),
      )
      .min(1)
      .max(25),
  }),
]);
const message = z.strictObject({ text: z.string().min(1).max(40_000), blocks: z.array(block).min(1).max(50) });

test('whatever an alert holds, Slack gets blocks of its schema, within its limits', () => {
  fc.assert(fc.property(anyEvent, (any) => void bodyOf(any)));
});

test('no text of an alert becomes a mention or a link', () => {
  const dates = /<!date\^\d+\^\{date_short_pretty\} \{time\}\|[^<>]*>/g;
  fc.assert(
    fc.property(anyEvent, (any) => {
      const { text, blocks } = JSON.parse(slackRequest(telling(any), options).body);
      // A header is plain text: Slack reads no mark-up in it.
      const read = JSON.stringify([text, blocks.slice(1)]).replaceAll(dates, '');
      assert.doesNotMatch(read, /[<>]/);
    }),
  );
});

test('a text is cut neither inside a character nor inside an escaped one', () => {
  for (const summary of ['🦊'.repeat(4_000), `a${'🦊'.repeat(4_000)}`, '&'.repeat(3_000), `a${'&'.repeat(3_000)}`]) {
    const [, section] = bodyOf(revision(1, { summary })).blocks;
    const text = section?.type === 'section' ? (section.text?.text ?? '') : '';
    assert.ok(text.isWellFormed() && text.endsWith('…') && text.length > 2_990, text.slice(-10));
    assert.doesNotMatch(text, /&(?!amp;)/);
  }
});

test('the header says what it is and where in its life, the foot which alert', () => {
  const said = [revision(1), revision(2), revision(3, { status: 'resolved' })].map((event) => {
    const { blocks } = bodyOf(event);
    const header = blocks[0]?.type === 'header' ? blocks[0].text.text : '';
    const foot = blocks.at(-1);
    return [header, foot?.type === 'context' ? foot.elements[0]?.text : ''];
  });
  assert.deepEqual(said, [
    ['🔴 Harvesting by cluster c_1', 'a_1 revision 1'],
    ['🔴 Update: Harvesting by cluster c_1', 'a_1 revision 2'],
    ['🟢 Resolved: Harvesting by cluster c_1', 'a_1 revision 3'],
  ]);
});

test('buttons lead to the alert on the console and to its runbook; without an address there is none', () => {
  const buttons = (...args: Parameters<typeof bodyOf>) =>
    bodyOf(...args).blocks.flatMap((each) =>
      each.type === 'actions' ? each.elements.map(({ text, url }) => [text.text, url]) : [],
    );
  const runbook = ['Runbook', 'https://example.org/'];
  assert.deepEqual(buttons(revision(1)), [['Open the alert', `${CONSOLE}/#/alerts/a_1`], runbook]);
  assert.deepEqual(buttons(revision(1), { consoleUrl: '' }), [runbook]);
  assert.deepEqual(buttons(revision(1, { runbook_url: '' }), { consoleUrl: '' }), []);
});
