import { type Database, openDatabase } from '../../lib/postgres/database';
import { readWindow } from '../../lib/runs/window';
import { modelNamed } from '../setup/world';
import { quantile, round, timed } from './numbers';
import { type Stage, startStores } from './stage';

const asked = {
  task: 'classification' as const,
  metrics: ['accuracy' as const],
  pos_label: null,
  labels: null,
  data: { window: 'P1D', delay: 'PT0S' },
  segments: [],
  window_start: null,
  window_end: null,
};

/** What a run asks of a window of the last day: the median of so many times, in milliseconds. */
export const readMs = async (db: Database, model: string, times: number) => {
  const due = new Date();
  const read = async () => {
    const { rows } = await readWindow(db, model, asked, due);
    if (rows.length === 0) throw new Error('the window is empty');
  };
  return quantile(await timed(times, read), 0.5);
};

const bareSql = `SELECT y_true::text, y_pred::text, count(*) FROM predictions
  WHERE model_id = $1 AND "timestamp" >= $2 AND "timestamp" < $3 GROUP BY 1, 2`;

const bareMs = async (db: Database, model: string, times: number) => {
  const values = [model, new Date(Date.now() - 86_400_000), new Date()];
  return quantile(await timed(times, () => db.query(bareSql, values, { plan: 'each time' })), 0.5);
};

/** Labelled predictions of ten classes within an hour. */
const fill = (db: Database, model: string, count: number) =>
  db.query(
    `INSERT INTO predictions (model_id, id, "timestamp", y_pred, y_true)
    SELECT $1, 'row-' || n, now() - interval '1 hour' + n * interval '1 millisecond', (n % 10)::text::json,
      ((n + (n % 7 = 0)::int) % 10)::text::json
    FROM generate_series(1, $2::int) AS n`,
    [model, count],
  );

/** The query of a run over a window beside the bare GROUP BY, in turn; of each the fastest round. */
export const benchWindow = async (stage: Stage) => {
  const { databaseUrl, sql, stop } = await startStores(stage, 'window');
  const db = openDatabase(databaseUrl, 1, 600_000);
  const rows = [];
  for (const [n, count] of (stage.small ? [10_000] : [10_000, 100_000, 1_000_000]).entries()) {
    await fill(db, modelNamed(n), count);
    await sql('VACUUM ANALYZE predictions');
    const rounds = [];
    for (let round = 0; round < 5; round++) {
      rounds.push({ run: await readMs(db, modelNamed(n), 3), bare: await bareMs(db, modelNamed(n), 3) });
    }
    const run = Math.min(...rounds.map(({ run }) => run));
    const bare = Math.min(...rounds.map(({ bare }) => bare));
    rows.push({
      labelled: count,
      'run ms': round(run, 1),
      'GROUP BY ms': round(bare, 1),
      times: round(run / bare),
    });
  }
  await db.end();
  await stop();
  return { rows };
};
