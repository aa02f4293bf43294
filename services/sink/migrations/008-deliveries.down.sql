DROP TABLE IF EXISTS {database}.deliveries;
