import { identifier, literal } from '../platform/sql-text.ts';
import type { Alert } from '../records/alert.ts';

/** ClickHouse SQL for every figure of one revision of an alert, as it was judged. */
export function judgedFigures(database: string, { alert_id, revision }: Pick<Alert, 'alert_id' | 'revision'>): string {
  const features =
    'features Array(Tuple(name String, value Float64, unit String, threshold Float64, contribution Float64))';
  return `SELECT signature.name AS signature, feature.name AS name, feature.value AS value, feature.unit AS unit, feature.threshold AS threshold, feature.contribution AS contribution FROM (SELECT arrayJoin(JSONExtract(signatures, 'Array(Tuple(name String, ${features}))')) AS signature, arrayJoin(signature.features) AS feature FROM ${identifier(database)}.alerts FINAL WHERE alert_id = ${literal(alert_id)} AND revision = ${revision})`;
}
