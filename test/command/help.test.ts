import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from 'commander';
import { createProgram } from '../../services/command/program.ts';

interface Verb {
  path: string;
  command: Command;
  help: string;
}

/** Every command that does something, with its help as a person reads it. */
function verbs(command: Command, path: readonly string[] = []): Verb[] {
  if (command.commands.length > 0) return command.commands.flatMap((inner) => verbs(inner, [...path, inner.name()]));
  let help = '';
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  return [{ path: path.join(' '), command, help }];
}

const all = verbs(createProgram());

test('the help of every verb has an example of it, and its exit codes', () => {
  assert.ok(all.length > 35);
  for (const { path, help } of all) {
    assert.match(help, /^Examples?:\n {2}\S/m, `${path} has an example`);
    const example = help.slice(help.search(/^Examples?:$/m));
    assert.match(example, new RegExp(`stillwatch ${path}\\b`), `the example of ${path} is of ${path}`);
    assert.match(help, /^Exit codes: 0 [\s\S]*\b2 wrong use\b/m, `${path} has exit codes`);
    assert.match(help, /^Usage: stillwatch /, path);
  }
});

test('every argument and option says what it is', () => {
  for (const { path, command } of all) {
    assert.notEqual(command.description(), '', path);
    for (const { flags, description } of command.options) assert.notEqual(description, '', `${path} ${flags}`);
  }
});

/** A service, a script of the shell, and two that hand on what others print. */
const WITHOUT_JSON = ['run', 'completion', 'demo', 'evaluate'];

test('every verb that prints something prints JSON for programs', () => {
  const without = all.filter(({ command }) => !command.options.some(({ long }) => long === '--json'));
  assert.deepEqual(without.map(({ path }) => path).sort(), [...WITHOUT_JSON].sort());
});

/** What these change can be put right by nobody, or everybody: they say first what they would do. */
const REHEARSED = ['alerts ack', 'alerts mark', 'dlq requeue', 'privacy erase', 'publish', 'rules apply'];

test('every verb that changes what others see can be rehearsed', () => {
  const rehearsed = all.filter(({ command }) => command.options.some(({ long }) => long === '--dry-run'));
  assert.deepEqual(rehearsed.map(({ path }) => path).sort(), REHEARSED);
});
