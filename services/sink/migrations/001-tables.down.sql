DROP TABLE IF EXISTS {database}.dead_letters;
DROP TABLE IF EXISTS {database}.alerts;
DROP TABLE IF EXISTS {database}.assignments;
DROP TABLE IF EXISTS {database}.cluster_windows;
DROP TABLE IF EXISTS {database}.account_windows;
