import type { Client } from 'pg';
import { watch } from '../../functions/watch';
import { openDatabase } from '../../lib/postgres/database';
import { parseCron, previousDue } from '../../lib/schedule/cron/cron';
import { recordingInvoker } from '../setup/world';

/** Numbers that look random and are the same each time. */
const randomFrom = (seed: number) => () => {
  seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
  return seed / 2 ** 32;
};

const kinds = ['invalid_data', 'stale', 'no_data', 'pending', 'paused', 'invalid_data', 'stale', 'paused'];

/** What a model of a fleet is, by its number: the first eight are in trouble, the others are fine. */
export const kindOf = (n: number) => kinds[n % 50] ?? 'ok';

/** UUIDs that look like others', in another order than their numbers. */
export const fleetModel = (n: number) => {
  const hex = ((n * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0');
  return `${hex}-4c1d-4e0a-9b7f-${String(n).padStart(12, '0')}`;
};

/** Due half an hour from now at the soonest, so that no model becomes stale while a test looks. */
const cronOf = (n: number, now: Date) => {
  const minute = (now.getUTCMinutes() + 30) % 60;
  const hours = ['*', '*', '*/2', '6,18', '9-17'][n % 5];
  return `${minute} ${hours} * * ${n % 7 === 3 ? 'MON-FRI' : '*'}`;
};

const zones = ['UTC', 'Europe/Berlin', 'UTC', 'America/New_York', 'UTC', 'Asia/Tokyo'];

interface Fleet {
  models: number;
  runsEach: number;
}

/** The due times of a model's runs, newest first; some are missing. */
const dueTimes = (cron: string, zone: string, now: Date, count: number, random: () => number) => {
  const parsed = parseCron(cron);
  const times: Date[] = [];
  let due = previousDue(parsed, zone, now);
  while (due && times.length < count) {
    if (times.length === 0 || random() > 0.05) times.push(due);
    due = previousDue(parsed, zone, due.getTime() - 1);
  }
  return times;
};

const runsOf = (n: number, cron: string, zone: string, { runsEach }: Fleet, now: Date) => {
  const kind = kindOf(n);
  if (kind === 'pending') return [];
  const random = randomFrom(n + 1);
  const times = dueTimes(cron, zone, now, runsEach + 3, random).slice(kind === 'stale' ? 3 : 0, runsEach + 3);
  let accuracy = 0.8 + 0.17 * random();
  return times.reverse().map((time, at) => {
    accuracy = Math.min(0.999, Math.max(0.4, accuracy + 0.012 * (random() - 0.5)));
    const newest = at === times.length - 1;
    const odd = newest ? kind : random() < 0.03 ? 'invalid_data' : random() < 0.02 ? 'no_data' : 'ok';
    const status = odd === 'invalid_data' || odd === 'no_data' ? odd : 'ok';
    const samples = 200 + Math.floor(random() * 900);
    const dataAge = (1 + (at % 12) * 2 + random()) * 3_600_000;
    return {
      scheduled_time: time,
      trigger: 'schedule',
      status,
      accuracy: status === 'ok' ? Math.round(accuracy * samples) / samples : null,
      n_samples: status === 'ok' ? samples : null,
      data_timestamp: status === 'no_data' ? null : new Date(time.getTime() - dataAge),
      error:
        status === 'invalid_data' ? `y_pred has ${samples - 3} values where y_true has ${samples}` : null,
      started_at: new Date(time.getTime() + 40),
      finished_at: new Date(time.getTime() + 60 + Math.floor(random() * 90)),
    };
  });
};

const insert = (client: Client, table: string, rows: object[]) =>
  client.query(
    `INSERT INTO ${table} (${Object.keys(rows[0] ?? {}).join(', ')})
     SELECT ${Object.keys(rows[0] ?? {}).join(', ')} FROM json_populate_recordset(NULL::${table}, $1)`,
    [JSON.stringify(rows)],
  );

/** What runs would have written of themselves: how each model stands after its newest. */
const writeStates = `UPDATE model_states AS state
  SET newest_run = newest.scheduled_time, newest_status = newest.status::model_status,
    data_timestamp = newest.data_timestamp, value = newest.accuracy, value_before = before.accuracy
  FROM (SELECT DISTINCT ON (model_id) * FROM runs ORDER BY model_id, scheduled_time DESC) AS newest
  LEFT JOIN LATERAL (
    SELECT accuracy FROM runs
    WHERE model_id = newest.model_id AND scheduled_time < newest.scheduled_time AND accuracy IS NOT NULL
    ORDER BY scheduled_time DESC
    LIMIT 1
  ) AS before ON true
  WHERE state.model_id = newest.model_id`;

/**
 * Models with schedules and runs, in PostgreSQL alone: the Scheduler does not know them, and what they have missed is not
 * caught up.
 */
export const insertFleet = async (client: Client, databaseUrl: string, fleet: Fleet): Promise<void> => {
  const now = new Date();
  await client.query('BEGIN'); // a watch that runs by itself sees all of them or none
  for (let first = 0; first < fleet.models; first += 500) {
    const numbers = Array.from({ length: Math.min(500, fleet.models - first) }, (_, at) => first + at);
    const models = numbers.map((n) => {
      const [cron_expression, timezone] = [cronOf(n, now), zones[n % zones.length] as string];
      const runs = runsOf(n, cron_expression, timezone, fleet, now);
      const since = new Date((runs[0]?.scheduled_time ?? now).getTime() - 1000);
      return {
        schedule: {
          model_id: fleetModel(n),
          cron_expression,
          timezone,
          enabled: kindOf(n) !== 'paused',
          flexible_window_minutes: 0,
          catch_up: 'none',
          created_at: since,
          updated_at: since,
        },
        runs: runs.map((run) => ({ model_id: fleetModel(n), ...run })),
      };
    });
    await insert(
      client,
      'metrics_executions',
      models.map(({ schedule }) => schedule),
    );
    const runs = models.flatMap(({ runs }) => runs);
    await insert(client, 'runs', runs);
  }
  await client.query(writeStates);
  await client.query('COMMIT');
  await client.query('ANALYZE');
  const db = openDatabase(databaseUrl, 1, 60_000);
  await watch({ db, runs: recordingInvoker() })();
  await db.end();
};
