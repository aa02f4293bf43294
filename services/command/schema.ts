import { readFileSync } from 'node:fs';
import { Argument, Command, Option } from 'commander';
import { messageOf } from '../platform/errors.ts';
import { parseSchema, SCHEMA_NAMES, type SchemaName, schemaText } from '../records/codec/schemas.ts';
import { requireFiles } from './common.ts';

/** `stillwatch schema`. */
export function schemaCommand(): Command {
  const schema = new Command('schema').description('the Avro schemas of what goes in and out');
  schema
    .command('print')
    .description('a schema as stillwatch reads and writes it')
    .addArgument(new Argument('<record>').choices(SCHEMA_NAMES))
    .option('--json', 'print JSON, as it does anyway: an Avro schema is that')
    .addHelpText(
      'after',
      '\nExample:\n  stillwatch schema print api-call > api-call.avsc\n\nExit codes: 0 printed, 2 wrong use.\n',
    )
    .action((record: SchemaName) => {
      process.stdout.write(schemaText(record));
    });
  schema
    .command('check')
    .description('whether stillwatch can read what is written with a schema of yours')
    .argument('<file>', 'an Avro schema, .avsc')
    .addOption(new Option('--record <name>', 'as which record').choices(SCHEMA_NAMES).default('api-call'))
    .option('--json', 'print the finding as JSON')
    .addHelpText(
      'after',
      '\nFields of yours that stillwatch does not know are left out; fields of ours that yours lacks need a default, and have one unless the contract asks for them.\n\nExample:\n  stillwatch schema check gateway.avsc --record api-call\n\nExit codes: 0 it can, 1 it cannot, 2 wrong use.\n',
    )
    .action((file: string, { record, json }: { record: SchemaName; json?: boolean }) => {
      requireFiles([file], 'check the name');
      const problem = problemOf(readFileSync(file, 'utf8'), record);
      if (json === true) process.stdout.write(`${JSON.stringify({ file, record, ok: problem === null, problem })}\n`);
      else process.stdout.write(problem === null ? `${file} can be read as ${record}\n` : `${file}: ${problem}\n`);
      if (problem !== null) process.exitCode = 1;
    });
  return schema;
}

function problemOf(text: string, record: SchemaName): string | null {
  try {
    parseSchema(schemaText(record)).createResolver(parseSchema(text));
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
