import { Command } from 'commander';
import { createAccountStore } from '../console/stores/account-store.ts';
import { subjectShowCommand } from './subject-show.ts';

/** `stillwatch accounts`. */
export function accountsCommand(): Command {
  return new Command('accounts').description('accounts, as ClickHouse knows them').addCommand(
    subjectShowCommand({
      what: 'account',
      shows: 'one account: what it did in each window, and which cluster it was in since when and why',
      example: 'accounts show acct_42 --size day',
      show: (clickHouse, database, id, size) => createAccountStore(clickHouse.query, database).show(id, size),
    }),
  );
}
