import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { type AnyNode, parse } from 'acorn';
import { transformSync } from 'esbuild';

export interface Pattern {
  file: string;
  source: string;
  flags: string;
}

export interface FoundPatterns {
  patterns: Pattern[];
  /** Files that make one at run time: of text that is not in the source. */
  madeAtRunTime: string[];
}

/** They read no text but what comes with this project: prompts of the simulator, statements of the migrations. */
const OWN_TEXT_ONLY = ['services/simulate/', 'services/sink/cluster.ts'];

/** Every regular expression written in the services' sources: literals, and `pattern` of a JSON schema, which ajv makes one of. */
export async function patternsOfServices(): Promise<FoundPatterns> {
  const root = join(import.meta.dirname, '../..');
  const found: FoundPatterns = { patterns: [], madeAtRunTime: [] };
  for await (const file of glob('services/**/*.{ts,tsx}', { cwd: root })) {
    if (file.endsWith('.d.ts') || OWN_TEXT_ONLY.some((own) => file.startsWith(own))) continue;
    addPatterns(found, file, readFileSync(join(root, file), 'utf8'));
  }
  return found;
}

export function addPatterns(found: FoundPatterns, file: string, text: string): void {
  const { code } = transformSync(text, {
    loader: file.endsWith('x') ? 'tsx' : 'ts',
    target: 'esnext',
    jsx: 'automatic',
  });
  for (const node of nodesOf(parse(code, { ecmaVersion: 'latest', sourceType: 'module' }))) {
    if (node.type === 'Literal' && node.regex)
      found.patterns.push({ file, source: node.regex.pattern, flags: node.regex.flags });
    if (
      node.type === 'Property' &&
      node.key.type === 'Identifier' &&
      node.key.name === 'pattern' &&
      node.value.type === 'Literal' &&
      typeof node.value.value === 'string'
    )
      found.patterns.push({ file, source: node.value.value, flags: 'u' });
    const isCall = node.type === 'NewExpression' || node.type === 'CallExpression';
    if (isCall && node.callee.type === 'Identifier' && node.callee.name === 'RegExp') found.madeAtRunTime.push(file);
  }
}

function* nodesOf(value: unknown): Generator<AnyNode> {
  if (typeof value !== 'object' || value === null) return;
  // Whatever has a type in acorn's tree is a node of it.
  if ('type' in value && typeof value.type === 'string') yield value as AnyNode;
  for (const part of Object.values(value)) yield* nodesOf(part);
}
