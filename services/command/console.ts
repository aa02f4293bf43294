import { Command, InvalidArgumentError, Option } from 'commander';
import { makeToken } from '../console/access/tokens.ts';
import { ROLES, type Role, TOKEN_ENTRY } from '../platform/config/token-entry.ts';

interface Options {
  name: string;
  role: Role;
  json?: boolean;
}

/** `stillwatch console`. */
export function consoleCommand(): Command {
  return new Command('console').description('who may use the console').addCommand(tokenCommand());
}

function tokenCommand(): Command {
  return new Command('token')
    .description('make a token for somebody: shown once, kept nowhere')
    .requiredOption('--name <name>', 'whose it is: letters, digits and . _ @ -', tokenName)
    .addOption(new Option('--role <role>', 'what they may do').choices(ROLES).default('responder'))
    .option('--json', 'print both as JSON')
    .addHelpText(
      'after',
      '\nRoles: viewer reads; responder acknowledges, assigns, silences and marks; admin reads the audit log and tests targets of alerts too.\n\nExample:\n  stillwatch console token --name kim --role responder\nThen give the token to Kim, and add the entry to console.tokens (STILLWATCH_CONSOLE_TOKENS), entries separated by commas.\n\nExit codes: 0 made, 2 wrong use.\n',
    )
    .action(({ name, role, json }: Options) => {
      const made = makeToken(name, role);
      process.stdout.write(
        json === true
          ? `${JSON.stringify(made)}\n`
          : `token (for ${name}): ${made.token}\nentry (for console.tokens): ${made.entry}\n`,
      );
    });
}

function tokenName(text: string): string {
  if (!TOKEN_ENTRY.test(`${text}:viewer:${'0'.repeat(64)}`))
    throw new InvalidArgumentError('It is made of letters, digits and . _ @ -, at most 100.');
  return text;
}
