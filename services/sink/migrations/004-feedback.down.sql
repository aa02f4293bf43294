DROP VIEW IF EXISTS {database}.signature_precision;
DROP TABLE IF EXISTS {database}.alert_marks;
