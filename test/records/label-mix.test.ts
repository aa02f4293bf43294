import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type LabelledCall, labelBin, labelOf } from '../../services/records/label-mix.ts';

const call = fc.record<LabelledCall>({
  operation_name: fc.constantFrom('chat', 'text_completion', 'embeddings', 'invoke_agent', 'execute_tool', 'rerank'),
  has_tools: fc.boolean(),
  image_count: fc.integer({ min: 0, max: 3 }),
  input_tokens: fc.integer({ min: 0, max: 2_147_483_646 }),
  output_tokens: fc.integer({ min: 0, max: 2_147_483_646 }),
});

test('a label says of a call what it was made of', () => {
  fc.assert(
    fc.property(call, (labelled) => {
      const bin = labelBin(labelled);
      assert(Number.isInteger(bin) && bin >= 0 && bin < 8_192);
      const label = labelOf(bin);
      assert.equal(label.tools, labelled.has_tools);
      assert.equal(label.images, labelled.image_count > 0);
      assert.equal(label.inputBand, Math.floor(Math.floor(Math.log2(labelled.input_tokens + 1)) / 2));
      assert.equal(label.outputBand, Math.floor(Math.floor(Math.log2(labelled.output_tokens + 1)) / 2));
    }),
  );
});

test('operations of one class share their labels, and those of another do not', () => {
  const of = (operation_name: string) =>
    labelBin({ operation_name, has_tools: false, image_count: 0, input_tokens: 90, output_tokens: 9 });
  assert.equal(of('chat'), of('text_completion'));
  assert.equal(labelOf(of('invoke_agent')).operation, 'agent');
  assert.equal(new Set(['chat', 'embeddings', 'execute_tool', 'rerank'].map(of)).size, 4);
});
