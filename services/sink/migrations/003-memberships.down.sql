ALTER TABLE {database}.cluster_windows
    DROP COLUMN IF EXISTS mix_divergence,
    DROP COLUMN IF EXISTS mix_divergence_significance,
    DROP COLUMN IF EXISTS new_model_share,
    DROP COLUMN IF EXISTS new_model_excess,
    DROP COLUMN IF EXISTS hours_active_share;
DROP TABLE IF EXISTS {database}.memberships;
