import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { stillwatch } from '../support/pipeline.ts';

const token = (...args: string[]): Promise<string> => stillwatch(['console', 'token', ...args]);

test('a token is printed once with the entry that knows it by its hash, another one each time', async () => {
  const made: { token: string; entry: string } = JSON.parse(await token('--name', 'kim', '--role', 'viewer', '--json'));
  assert.equal(made.entry, `kim:viewer:${createHash('sha256').update(made.token).digest('hex')}`);
  const [, shown, entry] =
    /^token \(for kim\): (\S+)\nentry \(for console\.tokens\): (\S+)\n$/.exec(await token('--name', 'kim')) ?? [];
  assert.equal(
    entry,
    `kim:responder:${createHash('sha256')
      .update(shown ?? '')
      .digest('hex')}`,
  );
  assert.notEqual(shown, made.token);
});

test('a name that the setting could not hold, or a role that there is not, is wrong use', async () => {
  const wrong = (error: Error & { code?: number }) => error.code === 2;
  await assert.rejects(token('--name', 'kim:admin'), wrong);
  await assert.rejects(token('--name', 'kim', '--role', 'owner'), wrong);
});
