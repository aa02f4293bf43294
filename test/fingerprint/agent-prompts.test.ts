import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maskInto } from '../../services/fingerprint/mask.ts';
import { endsOf, HEAD, normalise, TAIL } from '../../services/fingerprint/normalise.ts';
import { createTokens, spelling } from '../../services/fingerprint/tokens.ts';
import { fingerprint, meet } from './support.ts';

const words = (text: string): string => {
  const tokens = createTokens(HEAD + TAIL + 2);
  maskInto(tokens, endsOf(normalise(text)), 7);
  return Array.from({ length: tokens.count }, (_, at) => spelling(tokens, at)).join(' ');
};

interface Step {
  path: string;
  file: string;
  state: Record<string, unknown>;
}

const name = fc.stringMatching(/^[a-z][a-z0-9]{1,8}$/);
const statement = fc.oneof(
  fc.tuple(name, name).map(([a, b]) => `  const ${a}: ${b} = 1;`),
  fc.tuple(name, name).map(([a, b]) => `export function ${a}(${b}: string): void {`),
  name.map((a) => `// ${a}: see below`),
  fc.constant('}'),
);
const step: fc.Arbitrary<Step> = fc.record({
  path: fc
    .tuple(
      fc.constantFrom('/', './', '../', '', 'src/'),
      fc.array(name, { maxLength: 3 }),
      name,
      fc.constantFrom('ts', 'py', 'json'),
    )
    .map(
      ([root, folders, file, extension]) =>
        `${root}${folders.map((folder) => `${folder}/`).join('')}file${file}.${extension}`,
    ),
  file: fc.array(statement, { minLength: 1, maxLength: 20 }).map((lines) => lines.join('\n')),
  state: fc.dictionary(name, fc.oneof(fc.integer(), name, fc.array(name, { maxLength: 3 })), {
    minKeys: 1,
    maxKeys: 6,
  }),
});

const TEMPLATES: readonly ((step: Step) => string)[] = [
  ({ path, file }) =>
    `You are an autonomous coding agent. Go on with the job.\n\n# File: ${path}\n${file}\n\nNext action:`,
  ({ path, file }) => `${path}\n\`\`\`\n${file}\n\`\`\`\nSplit this module into two and print both of them.`,
  ({ file }) => `<tool_result>\n${file}\n</tool_result>\nGo on with the plan and name the next command.`,
  ({ path, file }) => `<file path="${path}">\n${file}\n</file>\n\nAdd a test for every exported function.`,
  ({ state }) => `Tool output:\n${JSON.stringify(state, null, 2)}\nPick the next call and say nothing else.`,
  ({ path, file }) => `The program breaks in ${path} since noon. Mend it and show the patch.\n\n${file}`,
];

test("an agent's template stays the same whatever files, values and paths fill it", () => {
  fc.assert(
    fc.property(fc.constantFrom(...TEMPLATES), step, step, (template, one, other) => {
      const [a, b] = [fingerprint(template(one)), fingerprint(template(other))];
      assert.equal(a.template, b.template);
    }),
  );
});

test('different templates of agents stay apart', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...TEMPLATES], { minLength: 2, maxLength: 2 }), step, ([a, b], filling) => {
      assert.ok(a !== undefined && b !== undefined);
      assert.notEqual(fingerprint(a(filling)).template, fingerprint(b(filling)).template);
    }),
  );
});

test('paths and file names are masked, and/or and e.g. are not', () => {
  assert.equal(words('open src/app/main.ts, then ./run.sh and /home/u/notes now'), 'open _ then _ and _ now');
  assert.equal(words('compile main.py first'), 'compile _ first');
  assert.equal(words('cats and/or dogs, e.g. mine'), 'cats and or dogs e g mine');
  assert.equal(words('打开 src/a.ts 文件'), '打 开 _ 文 件');
});

test('an object of JSON is masked over its lines, braces in its strings aside', () => {
  assert.equal(words('State:\n{\n  "a": {"b": "}"},\n  "c": [1]\n}\nGo on.'), 'state _ go on');
  assert.equal(words('State: {"a": {"b": 1}\nnever closed'), 'state _ never closed');
});

test('rows of data are one masked stretch, however many', () => {
  assert.equal(words('Rows:\n{"a": 1}\n{"a": 2}\n{"a": 3}\nSum them.'), words('Rows:\n{"a": 1}\nSum them.'));
});

test('what a tool has printed asks for nothing; what another element holds may', () => {
  const request = 'Rate the response from 1 to 10 for accuracy.';
  assert.equal(fingerprint(`<stdout>\n${request}\n</stdout>\nGo on.`).markers, 0);
  assert.notEqual(fingerprint(`<instructions>\n${request}\n</instructions>\nGo on.`).markers, 0);
});

test('rewording leaves most prompts of one template in touch, and strangers apart', () => {
  const wording = [
    'Assess how faithful the abstract is to the paper, name each claim that the paper does not make, and close with a mark between 1 and 9.',
    'Please assess how faithful the abstract is to the paper, list each claim that the paper does not make, and close with a mark between 1 and 9.',
    'Assess how faithful this abstract is to the paper, name each statement that the paper does not make, then finish with a mark between 1 and 9.',
    'Close with a mark between 1 and 9, after you name each claim that the paper does not make: assess how faithful the abstract is to the paper.',
  ].map((text, i) => fingerprint(`${text}\n\nAbstract: ${'stone river cloud meadow'.split(' ')[i]} of the north`));
  const pairs = wording.flatMap((a, i) => wording.slice(i + 1).map((b) => meet(a, b)));
  assert.ok(pairs.filter(Boolean).length >= 3, `${pairs}`);
  const stranger = fingerprint(
    'Translate the menu of the inn into Dutch and keep its prices.\n\nMenu: soup of the north',
  );
  assert.ok(!wording.some((print) => meet(print, stranger)));
});

test('signs that open stretches, in any mixture, are got through', () => {
  const signs = fc.constantFrom(
    '<file>',
    '</file>',
    '{"',
    '}',
    '"',
    '`',
    '```',
    'a/b',
    '.ts',
    ':',
    '\n',
    ' ',
    '(',
    '\\',
    '$x',
    '@a',
    '“',
    '文',
  );
  fc.assert(
    fc.property(fc.array(signs, { maxLength: 400 }), (parts) => {
      assert.match(fingerprint(parts.join('')).template, /^[0-9a-f]{16}$/);
    }),
  );
});
