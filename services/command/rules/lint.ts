import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { lintRules } from '../../rules/lint.ts';
import { formatProblem } from '../../rules/problem.ts';
import { VOCABULARY } from '../../rules/vocabulary.ts';
import { requireFiles } from '../common.ts';

interface Options {
  json?: boolean;
  strict?: boolean;
}

export function lintCommand(): Command {
  return new Command('lint')
    .description('everything that is wrong with rule files, each with its line and column')
    .argument('<files...>', 'rule files')
    .option('--strict', 'warnings fail too: exceptions that have ended, signatures that are not mentioned')
    .option('--json', 'print the problems as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  stillwatch rules lint infra/rules/stillwatch.yaml\n\nExit codes: 0 every file can be used, 1 some file has errors, 2 wrong use.\n',
    )
    .action((files: string[], { json, strict }: Options) => {
      requireFiles(files, 'check the name');
      const found = files.flatMap((file) =>
        lintRules(readFileSync(file, 'utf8'), VOCABULARY, Date.now()).map((problem) => ({ file, ...problem })),
      );
      const errors = found.filter(({ severity }) => severity === 'error').length;
      if (json === true) process.stdout.write(`${JSON.stringify(found)}\n`);
      else {
        for (const problem of found) process.stdout.write(`${formatProblem(problem.file, problem)}\n`);
        process.stdout.write(`${files.length} file(s): ${errors} error(s), ${found.length - errors} warning(s)\n`);
      }
      if (errors > 0 || (strict === true && found.length > 0)) process.exitCode = 1;
    });
}
