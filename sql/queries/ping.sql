-- Whether the tables can be read.
SELECT FROM metrics_executions LIMIT 1;
