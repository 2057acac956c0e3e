import { Client } from 'pg';
import recordRunSql from '../../sql/queries/recordRun.sql';

/** What evaluation adds to PostgreSQL's time for a run: @param rules how many each model has */
export const measureEvaluation = async (
  databaseUrl: string,
  rules: number,
  runs: number,
): Promise<number> => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const id = crypto.randomUUID();
  await client.query(`INSERT INTO metrics_executions (model_id, cron_expression) VALUES ($1, '* * * * *')`, [
    id,
  ]);
  for (let n = 0; n < rules; n++) {
    const rule = {
      metric: 'accuracy',
      below: 0.5 + n / 100,
      severity: 'warning',
      ...(n % 3 === 0 && { for: { of: 3, at_least: 2 } }),
    };
    await client.query('INSERT INTO alert_rules (model_id, name, rule) VALUES ($1, $2, $3)', [
      id,
      `rule${n}`,
      rule,
    ]);
  }
  const details = JSON.stringify({
    metrics: { accuracy: 0.9 },
    intervals: { accuracy: [0.8, 0.95] },
    baseline: { accuracy: 0.5 },
  });
  const began = Date.parse('2026-03-01T00:00:00Z');
  const values = (n: number) => {
    const at = new Date(began + n * 60_000);
    return [id, at, 'schedule', 'ok', 0.9, 100, n, at, null, at, details, at, null, 0, 'accuracy', 0.9];
  };
  const query = (n: number) => client.query({ name: 'record', text: recordRunSql, values: values(n) });
  for (let n = 0; n < 200; n++) await query(n);
  const start = process.hrtime.bigint();
  for (let n = 200; n < 200 + runs; n++) await query(n);
  const took = Number(process.hrtime.bigint() - start) / 1e6 / runs;
  await client.end();
  return took;
};
