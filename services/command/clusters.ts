import { Command } from 'commander';
import { createClusterStore } from '../console/stores/cluster-store.ts';
import { subjectShowCommand } from './subject-show.ts';

/** `stillwatch clusters`. */
export function clustersCommand(): Command {
  return new Command('clusters').description('clusters of linked accounts, as ClickHouse knows them').addCommand(
    subjectShowCommand({
      what: 'cluster',
      shows: 'one cluster: who is in it and what joins them, its windows, its lineage, its alerts',
      example: 'clusters show c_1f2e --json',
      show: (clickHouse, database, id, size) => createClusterStore(clickHouse.query, database).show(id, size),
    }),
  );
}
