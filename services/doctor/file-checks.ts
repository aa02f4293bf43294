import { readFileSync } from 'node:fs';
import type { Config } from '../platform/config/schema.ts';
import { embeddedSchemas } from '../records/codec/embedded-schemas.ts';
import { SCHEMA_NAMES } from '../records/codec/schemas.ts';
import { lintRules } from '../rules/lint.ts';
import { formatProblem } from '../rules/problem.ts';
import { VOCABULARY } from '../rules/vocabulary.ts';
import { type Check, ok, skipped } from './check.ts';

export interface FileChecksDeps {
  config: Config;
  /** In force where rules.file is empty. */
  defaultRules: string;
  /** Registers our schemas, as services do when they start. */
  registerSchemas(): Promise<unknown>;
  now(): number;
}

export function fileChecks({ config, defaultRules, registerSchemas, now }: FileChecksDeps): Check[] {
  return [
    {
      name: 'schemas',
      needs: [],
      mend: 'install stillwatch again: they come with it',
      async look() {
        const schemas = embeddedSchemas();
        for (const name of SCHEMA_NAMES) schemas.typeOf(name);
        return ok(`${SCHEMA_NAMES.length} can be read`);
      },
    },
    {
      name: 'registry',
      needs: ['schemas'],
      mend: 'check SCHEMA_REGISTRY_URL',
      async look() {
        if (config.schema_registry.url === '')
          return skipped('none is set; the schemas that come with stillwatch are used');
        await registerSchemas();
        return ok('answers, and has our schemas');
      },
    },
    {
      name: 'rules',
      needs: [],
      mend: 'set rules.file to a file that can be read, or leave it out for the rules that come with stillwatch',
      async look() {
        const file = config.rules.file === '' ? defaultRules : config.rules.file;
        const problems = lintRules(readFileSync(file, 'utf8'), VOCABULARY, now());
        const errors = problems.filter(({ severity }) => severity === 'error');
        if (problems.length === 0) return ok(file);
        return {
          outcome: errors.length > 0 ? 'fail' : 'warn',
          what: problems.map((problem) => formatProblem(file, problem)).join('; '),
          mend: `stillwatch rules lint ${file}`,
        };
      },
    },
  ];
}
