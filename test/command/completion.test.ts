import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { Argument, Command, Option } from 'commander';
import { completionScript } from '../../services/command/completion.ts';
import { createProgram } from '../../services/command/program.ts';

const program = new Command('stillwatch');
program
  .command('alerts')
  .command('mark')
  .addArgument(new Argument('<id>'))
  .option('--by <name>')
  .addOption(new Option('-s, --severity <severity>').choices(['page', 'ticket']));
program.command('run').addArgument(new Argument('<service>').choices(['calls', 'links']));

/** What is asked of the script once a person presses the tabulator. zsh asks through a function of its own, which takes care of what differs in it. */
const ASK = {
  bash: `_stillwatch; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: `compgen -F _stillwatch -- "\${@[-1]}"`,
};

/** What a real shell offers for the last word. */
function offered(shell: 'bash' | 'zsh', of: Command, words: readonly string[]): string[] {
  // Without a terminal there is nothing to press it in, and zsh has nothing to bind the script to.
  const bound = 'compdef() { : }; ';
  const script = `${shell === 'zsh' ? bound : ''}${completionScript(of, shell)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); ${ASK[shell]}`;
  const printed = execFileSync(shell, ['-c', script, shell, 'stillwatch', ...words], { encoding: 'utf8' });
  return printed.split('\n').filter((word) => word !== '');
}

const isThere = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

for (const shell of ['bash', 'zsh'] as const) {
  const options = { skip: isThere(shell) ? false : `there is no ${shell} here` };
  const of = (...words: string[]): string[] => offered(shell, program, words);

  test(`${shell}: commands are offered, then theirs, then options and the values of arguments`, options, () => {
    assert.deepEqual(of('al'), ['alerts']);
    assert.deepEqual(of('alerts', ''), ['mark', '--help']);
    assert.deepEqual(of('run', 'l'), ['links']);
    assert.deepEqual(of('alerts', 'mark', '--b'), ['--by']);
  });

  test(`${shell}: behind an argument the options of its command are still offered`, options, () => {
    assert.deepEqual(of('alerts', 'mark', 'a_1', '--b'), ['--by']);
  });

  test(`${shell}: behind an option its values are offered and nothing else`, options, () => {
    assert.deepEqual(of('alerts', 'mark', 'a_1', '--severity', ''), ['page', 'ticket']);
    assert.deepEqual(of('alerts', 'mark', '-s', 't'), ['ticket']);
  });

  test(`${shell}: where nothing is offered the shell does what it does by default, which is files`, options, () => {
    assert.deepEqual(of('alerts', 'mark', '/etc/host'), []);
    assert.deepEqual(of('alerts', 'mark', '--by', ''), []);
    assert.match(completionScript(program, shell), /^complete -o default -F _stillwatch stillwatch$/m);
  });

  test(`${shell}: services, signatures and scenarios of the real command are offered by name`, options, () => {
    const real = createProgram();
    assert.deepEqual(offered(shell, real, ['run', 'not']), ['notify']);
    assert.deepEqual(offered(shell, real, ['alerts', 'ls', '--signature', 'rub']), ['rubric-grading']);
    assert.deepEqual(offered(shell, real, ['simulate', '--scenario', 'sma']), ['small']);
    assert.deepEqual(offered(shell, real, ['rules', 'ex']), ['export']);
  });
}
