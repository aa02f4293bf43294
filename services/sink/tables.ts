import { FEATURES } from '../records/features.ts';

/** Feature columns of a migration's `{features}`: one for each, so that a feature that is added becomes a column by the next migration. */
export function featureColumnsSql(): string {
  return FEATURES.map(
    ({ name, unit, formula }) =>
      `    ${name} Nullable(Float64) COMMENT '${`${formula} [${unit}]`.replaceAll("'", "\\'")}' CODEC(ZSTD(1))`,
  ).join(',\n');
}
