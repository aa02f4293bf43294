DROP TABLE IF EXISTS {database}.undelivered;
