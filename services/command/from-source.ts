import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { StillwatchError } from '../platform/errors.ts';

/** The source tree, or what is installed of it. */
const ROOT = join(import.meta.dirname, '../..');

export interface SourceScript {
  name: string;
  description: string;
  /** From the root of the source tree. */
  script: string;
  /** What may follow the name. */
  example: string;
  exitCodes: string;
}

/** `stillwatch demo`: what `npm run demo` runs. */
export function demoCommand(): Command {
  return sourceCommand(
    {
      name: 'demo',
      description:
        'a campaign hidden in ordinary traffic, on a real Kafka and a real ClickHouse; Ctrl-C stops all of it',
      script: 'infra/local/demo.ts',
      example: '--once',
      exitCodes: '0 stopped, or with --once seen everywhere; 1 failed, or this is no source tree; 2 wrong use',
    },
    ROOT,
  );
}

/** `stillwatch evaluate`: what `npm run evaluate` runs. */
export function evaluateCommand(): Command {
  return sourceCommand(
    {
      name: 'evaluate',
      description:
        'simulated campaigns and hard negatives through the detector: what it finds, and whom it accuses wrongly',
      script: 'test/evaluate/run.ts',
      example: '--quick',
      exitCodes: '0 measured, whatever came out; 1 failed, or this is no source tree; 2 wrong use',
    },
    ROOT,
  );
}

/** Runs a script that is part of the source tree and not of the package, with everything that was given after the name. */
export function sourceCommand({ name, description, script, example, exitCodes }: SourceScript, root: string): Command {
  return new Command(name)
    .description(description)
    .argument('[options...]', `those of \`npm run ${name}\`; after --, its --help`)
    .allowUnknownOption()
    .addHelpText(
      'after',
      `\nRuns from a source tree only: the package has neither what it starts nor what it is measured with.\n\nExample:\n  stillwatch ${name} ${example}\n\nExit codes: ${exitCodes}.\n`,
    )
    .action(async (options: string[]) => {
      const file = join(root, script);
      if (!existsSync(file))
        throw new StillwatchError(
          'NOT_FOUND',
          `stillwatch ${name} runs from a source tree, and this is an installed package`,
          `get the repository, and run \`npm run ${name}\` in it`,
        );
      process.exitCode = await runToItsEnd(file, options);
    });
}

/** As if it had been started in our place: it is told what we are told, and we end as it does. */
async function runToItsEnd(file: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [file, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const [code, signal]: (number | NodeJS.Signals | null)[] = await once(child, 'exit');
  if (typeof code === 'number') return code;
  return 128 + (typeof signal === 'string' ? constants.signals[signal] : 0);
}
