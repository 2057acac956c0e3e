import { Client } from 'pg';
import { type Rule, ruleSchema } from '../../lib/alerts/rule';
import recordRunSql from '../../sql/queries/recordRun.sql';
import { openReceiver, type Receiver } from '../channels/receiver';
import { modelNamed } from '../setup/world';
import { quantile, round } from './numbers';
import { cpuMsByRole } from './processes';
import { type Service, type Stage, startService, startStores } from './stage';

const minuteMs = 60_000;

const ten = (rule: (n: number) => Partial<Rule>) => Array.from({ length: 10 }, (_, n) => rule(n));
const metric = 'accuracy';

/** Ten rules of each kind: none is broken by the runs below. */
const kinds: Record<string, Partial<Rule>[]> = {
  none: [],
  'below a number': ten((n) => ({ below: 0.5 + n / 100 })),
  'the same, of a segment': ten((n) => ({ below: 0.5 + n / 100, segment: { country: 'DE' } })),
  'below the baseline': ten((n) => ({ below: 'baseline', by: n / 100 })),
  'below the reference': ten((n) => ({ below: 'reference', by: 0.1 + n / 100 })),
  'below a number, 2 of 3 runs': ten((n) => ({ below: 0.5 + n / 100, for: { of: 3, at_least: 2 } })),
  'below the mean of 10 runs': ten((n) => ({ below: 'mean', last: 10, by: 0.1 + n / 100 })),
  'ten as people have them': [
    { below: 0.5 },
    { below: 0.6, clear: 0.65 },
    { below: 0.7, severity: 'critical' },
    { below: 0.85, sure: true, min_samples: 50 },
    { below: 0.75, for: { of: 3, at_least: 2 } },
    { below: 0.8, for: { of: 3, at_least: 2 } },
    { below: 'baseline', by: 0 },
    { below: 'reference', by: 0.1 },
    { below: 'mean', last: 10, by: 0.1 },
    { below: 0.6, segment: { country: 'DE' } },
  ],
};

const insertModel = async (client: Client, model: string, rules: Partial<Rule>[]) => {
  await client.query(
    `INSERT INTO metrics_executions (model_id, cron_expression, reference) VALUES ($1, '* * * * *', $2)`,
    [model, { metrics: { accuracy: 0.9 } }],
  );
  for (const [n, rule] of rules.entries())
    await client.query('INSERT INTO alert_rules (model_id, name, rule) VALUES ($1, $2, $3)', [
      model,
      `rule${n}`,
      ruleSchema.parse({ metric, ...rule }),
    ]);
};

const segments = ['DE', 'FR', 'IT', 'US', null].map((value) => ({
  segment: 'country',
  value,
  n_samples: 20,
  metrics: { accuracy: 0.9 },
  intervals: { accuracy: [0.8, 0.95] },
}));

const details = JSON.stringify({
  metrics: { accuracy: 0.9 },
  intervals: { accuracy: [0.86, 0.93] },
  baseline: { accuracy: 0.5 },
  segments,
});

/** Milliseconds of PostgreSQL's CPU for each of so many records of runs, one after the other. */
const recordMs = async (client: Client, model: string, from: number, runs: number) => {
  const began = Date.parse('2026-03-01T00:00:00Z');
  const values = (n: number) => {
    const at = new Date(began + n * minuteMs);
    const state = [at, null, 0, 'accuracy', 0.9, 0, null, null];
    return [model, at, 'schedule', 'ok', 0.9, 100, n, at, null, at, details, ...state];
  };
  const [{ pid }] = (await client.query('SELECT pg_backend_pid() AS pid')).rows;
  const cpu = () => cpuMsByRole(pid).PostgreSQL ?? 0;
  const start = cpu();
  for (let n = from; n < from + runs; n++)
    await client.query({ name: 'record', text: recordRunSql, values: values(n) });
  return (cpu() - start) / runs;
};

/** What evaluation adds to the statement that records a run, in rounds of runs with and without its trigger. */
const evaluation = async (stage: Stage) => {
  const { databaseUrl, stop } = await startStores(stage, 'alerts');
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const runs = stage.small ? 50 : 500;
  const rows = [];
  for (const [kind, rules] of Object.entries(kinds)) {
    const model = modelNamed(rows.length);
    await insertModel(client, model, rules);
    await recordMs(client, model, 0, runs);
    await client.query('ANALYZE');
    const added: number[] = [];
    const recorded: number[] = [];
    for (let turn = 1; turn <= 14; turn += 2) {
      await client.query('ALTER TABLE runs DISABLE TRIGGER evaluate_run');
      const without = await recordMs(client, model, turn * runs, runs);
      await client.query('ALTER TABLE runs ENABLE TRIGGER evaluate_run');
      added.push((await recordMs(client, model, (turn + 1) * runs, runs)) - without);
      recorded.push(without);
    }
    rows.push({
      rules: kind,
      'CPU ms of recording a run': round(quantile(recorded, 0.5)),
      'added by evaluation': round(quantile(added, 0.5), 3),
    });
  }
  await client.end();
  await stop();
  return rows;
};

/** Models that all have invalid data when the next minute strikes. */
const prepare = async ({ sql, reconcile }: Service, models: number) => {
  await sql(
    `WITH models AS (
      INSERT INTO metrics_executions (model_id, cron_expression)
      SELECT gen_random_uuid(), '* * * * *' FROM generate_series(1, $1::int) RETURNING model_id
    ) INSERT INTO results (model_id, y_true, y_pred) SELECT model_id, '[1]', '[1, 2]' FROM models`,
    [models],
  );
  await reconcile();
};

const receivedIds = ({ received }: Receiver) => new Set(received.map(({ headers }) => headers['webhook-id']));

/** From the first alert that fires under `npm start` until a webhook has been told of all. */
const flood = async (stage: Stage) => {
  const models = stage.small ? 500 : 10_000;
  const receiver = await openReceiver();
  const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  process.env.ALERT_CHANNELS = JSON.stringify([{ name: 'it', type: 'webhook', url: receiver.url, secret }]);
  process.env.WEBHOOK_ALLOW = '127.0.0.1';
  const service = await startService(stage, 'alerts-service');
  await prepare(service, models);
  while (receiver.received.length < models) await new Promise((resolve) => setTimeout(resolve, 20));
  const last = Date.now();
  const [fired] = await service.sql(
    `SELECT min(at) AS first, extract(epoch FROM max(at) - min(at))::float8 AS seconds FROM alert_notifications`,
  );
  await service.stop();
  receiver.close();
  return [
    {
      alerts: models,
      'all fired within s': round(fired.seconds, 1),
      'all told within s': round((last - fired.first.getTime()) / 1000, 1),
      repeated: receiver.received.length - receivedIds(receiver).size,
    },
  ];
};

/** What alerts cost a run, and how soon people know of many at once. */
export const benchAlerts = async (stage: Stage) => ({
  rows: await evaluation(stage),
  flood: await flood(stage),
});
