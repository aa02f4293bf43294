import { literal } from '../platform/sql-text.ts';
import { FEATURES, type Feature, featureNamed } from '../records/features.ts';

/** Tables with a column for each feature. */
export const FEATURE_TABLES = ['account_windows', 'cluster_windows'] as const;

/**
 * Fills in a migration's columns. It names the features it is about, so that what it does does not change when one is added: that takes a migration of its
 * own, and a test says so.
 */
export function withFeatureColumns(sql: string): string {
  return sql.replaceAll(/\{(columns|add|drop):([^{}]*)\}/g, (_, what: string, names: string) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => clause(what, featureNamed(name)))
      .join(',\n    '),
  );
}

function clause(what: string, feature: Feature): string {
  if (what === 'drop') return `DROP COLUMN IF EXISTS ${feature.name}`;
  const column = `${feature.name} Nullable(Float64) COMMENT ${literal(columnComment(feature))} CODEC(ZSTD(1))`;
  return what === 'add' ? `ADD COLUMN IF NOT EXISTS ${column}` : column;
}

export function columnComment({ formula, unit }: Feature): string {
  return `${formula} [${unit}]`;
}

/** Brings the comment of a column that is there up to date with its formula. */
export function commentStatement(database: string, table: string, feature: Feature): string {
  return `ALTER TABLE ${database}.${table} COMMENT COLUMN IF EXISTS ${feature.name} ${literal(columnComment(feature))}`;
}

/** The features whose comment in the database is another one. */
export function staleComments(columns: readonly { name: string; comment: string }[]): Feature[] {
  const comments = new Map(columns.map(({ name, comment }) => [name, comment]));
  return FEATURES.filter((feature) => {
    const comment = comments.get(feature.name);
    return comment !== undefined && comment !== columnComment(feature);
  });
}
