/**
 * Who comes to ClickHouse: three services; and from a terminal `stillwatch alerts`, whoever applies rules (operator) or sends dead letters back (dlq), which is
 * written down there, and whoever erases accounts.
 */
export const CLICKHOUSE_USERS = ['sink', 'console', 'notify', 'alerts', 'operator', 'dlq', 'privacy'] as const;
export type ClickHouseUser = (typeof CLICKHOUSE_USERS)[number];

export interface ClickHouseGrant {
  privileges: readonly string[];
  /** A table or view of the database; `*`: all of them. */
  table: string;
  /** On a cluster it has no rows in another table, as tables have. */
  isView?: true;
}

/** Everything that each needs, and nothing else: tried on the real engine. The sink makes the tables and keeps their comments up to date. */
export const CLICKHOUSE_GRANTS: Readonly<Record<ClickHouseUser, readonly ClickHouseGrant[]>> = {
  sink: [
    {
      privileges: ['CREATE DATABASE', 'CREATE TABLE', 'ALTER ADD COLUMN', 'ALTER COMMENT COLUMN'],
      table: '*',
    },
    { privileges: ['SELECT', 'INSERT'], table: '*' },
  ],
  console: [
    { privileges: ['SELECT'], table: '*' },
    ...['alert_marks', 'alert_handling', 'silences', 'audit_log'].map((table) => ({ privileges: ['INSERT'], table })),
  ],
  // A view is read with the rights of whoever asks; of alerts it needs when there was a message, not what it says.
  notify: [
    { privileges: ['SELECT'], table: 'effective_silences', isView: true },
    { privileges: ['SELECT'], table: 'silences' },
    { privileges: ['SELECT(alert_id, revision, status, subject_type, subject_id, emitted_at)'], table: 'alerts' },
  ],
  alerts: [
    { privileges: ['SELECT'], table: '*' },
    ...['alert_marks', 'alert_handling', 'audit_log'].map((table) => ({ privileges: ['INSERT'], table })),
  ],
  operator: [{ privileges: ['INSERT'], table: 'audit_log' }],
  dlq: [{ privileges: ['INSERT'], table: 'audit_log' }],
  privacy: [
    { privileges: ['SELECT', 'ALTER UPDATE', 'ALTER DELETE'], table: '*' },
    { privileges: ['INSERT'], table: 'audit_log' },
  ],
};

/** Without GRANT before it and a user behind it. */
export function grantOf({ privileges, table }: ClickHouseGrant, database: string): string {
  return `${privileges.join(', ')} ON ${database}.${table}`;
}
