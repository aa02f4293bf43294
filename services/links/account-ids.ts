import { byteRows } from '../stream/row-bytes.ts';

/** Ids by the accounts' numbers: attributes hold numbers of a few bytes instead of ids. */
export const ACCOUNT_ID_ROWS = byteRows<string>(
  'account id 1',
  (row, id) => row.string(id),
  (row) => row.string(),
);
