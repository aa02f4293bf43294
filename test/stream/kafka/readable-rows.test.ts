import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FatalStateError } from '../../../services/stream/kafka/errors.ts';
import { onReadableRows } from '../../../services/stream/kafka/restore.ts';
import { RowFormatError } from '../../../services/stream/row-codec.ts';

const failing = (error: Error) => () => {
  throw error;
};

test('rows of another version end the task, with how to go on', () => {
  assert.throws(
    () => onReadableRows('links', failing(new RowFormatError('account 1', 'account 2'))),
    (error: Error) =>
      error instanceof FatalStateError &&
      /of links was written by another version: rows are saved as account 1/.test(error.message) &&
      /run the version that wrote it, or begin anew: stop links/.test(error.hint),
  );
});

test('any other error of a step that is made stays what it is', () => {
  const defect = new TypeError('no such table');
  assert.throws(() => onReadableRows('links', failing(defect)), defect);
});
