import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { Argument, Command } from 'commander';
import { completionScript } from '../../services/command/completion.ts';

const program = new Command('stillwatch');
program.command('alerts').command('mark').addArgument(new Argument('<id>')).option('--by <name>');
program.command('run').addArgument(new Argument('<service>').choices(['calls', 'links']));

/** What a real bash offers for the last word. */
function offered(...words: string[]): string[] {
  const script = `${completionScript(program, 'bash')}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _stillwatch; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const printed = execFileSync('bash', ['-c', script, 'bash', 'stillwatch', ...words], { encoding: 'utf8' });
  return printed.split('\n').filter((word) => word !== '');
}

test('commands are offered, then theirs, then options and the values of arguments', () => {
  assert.deepEqual(offered('al'), ['alerts']);
  assert.deepEqual(offered('alerts', ''), ['mark', '--help']);
  assert.deepEqual(offered('run', 'l'), ['links']);
  assert.deepEqual(offered('alerts', 'mark', '--b'), ['--by']);
});

test('behind an argument the options of its command are still offered', () => {
  assert.deepEqual(offered('alerts', 'mark', 'a_1', '--b'), ['--by']);
});

test('a word that nothing begins with may be a file', () => {
  assert.deepEqual(offered('alerts', 'mark', '/etc/host').includes('/etc/hosts'), true);
});
