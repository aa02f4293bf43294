import { Command } from 'commander';
import { rulesJsonSchema } from '../../rules/json-schema.ts';
import { VOCABULARY } from '../../rules/vocabulary.ts';
import { applyCommand } from './apply.ts';
import { diffCommand } from './diff.ts';
import { exportCommand } from './export.ts';
import { lintCommand } from './lint.ts';
import { lsCommand } from './ls.ts';
import { testCommand } from './test.ts';

/** `stillwatch rules`. */
export function rulesCommand(): Command {
  const schema = new Command('schema')
    .description('the JSON Schema of rule files, for editors')
    .option('--json', 'print JSON, as it does anyway')
    .addHelpText(
      'after',
      '\nPut this at the top of a rule file, and editors with the YAML language server complete and check it:\n  # yaml-language-server: $schema=stillwatch.schema.json\n\nExample:\n  stillwatch rules schema > stillwatch.schema.json\n\nExit codes: 0 printed, 2 wrong use.\n',
    )
    .action(() => {
      process.stdout.write(rulesJsonSchema(VOCABULARY));
    });
  return new Command('rules')
    .description('check, test and apply what counts as a campaign')
    .addCommand(lintCommand())
    .addCommand(testCommand())
    .addCommand(schema)
    .addCommand(diffCommand())
    .addCommand(applyCommand())
    .addCommand(lsCommand())
    .addCommand(exportCommand())
    .addHelpText(
      'after',
      '\nFrom an idea to production:\n  stillwatch rules lint new.yaml && stillwatch rules test tests/*.yaml\n  stillwatch backtest --rules old.yaml --rules new.yaml --calls calls.jsonl --accounts accounts.jsonl\n  stillwatch rules diff new.yaml && stillwatch rules apply new.yaml\n',
    );
}
