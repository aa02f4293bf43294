DROP TABLE IF EXISTS {database}.audit_log;
DROP TABLE IF EXISTS {database}.silences;
DROP TABLE IF EXISTS {database}.alert_handling;
