import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/getReport';
import type { Columns } from '../lib/metrics/count';
import { evaluate } from '../lib/metrics/evaluate';
import type { Database } from '../lib/postgres/database';
import { maxColumnBytes } from '../lib/runs/score';
import { columnsOf } from '../lib/runs/scoreWindow';
import { readWindowAgain } from '../lib/runs/window';
import { database } from '../lib/runtime/clients';
import { metricSettings } from '../lib/schedule/metricSettings';
import type { Settings } from '../lib/schedule/schedule';
import copyLabelsSql from '../sql/queries/copyLabels.sql';
import readNewestSampleSql from '../sql/queries/readNewestSample.sql';

/** A row of readNewestSample.sql. */
interface Found {
  task: Settings['task'] | null;
  labels: Settings['labels'];
  data: Settings['data'];
  scheduled_time: Date | null;
  results_id: number | null;
  window_start: Date | null;
  window_end: Date | null;
  kept: boolean;
}

/** @throws Problem 404 that says what the report lacks */
const requireRun = (model_id: string, found: Found) => {
  const { task, scheduled_time, results_id, window_end, kept } = found;
  const lacks = (what: string) => new Problem(404, what);
  if (task === null) throw lacks(`model ${model_id} has no schedule, which says how its labels are read`);
  if (task === 'regression') throw lacks(`model ${model_id} is a regression: no classes`);
  if (!scheduled_time) throw lacks(`model ${model_id} has no run with a number`);
  if (!window_end && results_id === null)
    throw lacks(`the newest run of model ${model_id} looked at no sample row`);
  if (!window_end && !kept)
    throw lacks(`sample row ${results_id}, of the newest run of model ${model_id}, is deleted`);
  return { ...found, task, scheduled_time, metrics: ['accuracy'], pos_label: null, segments: [] };
};

type NewestRun = ReturnType<typeof requireRun>;

/** The labels that the run looked at; of a window counts of pairs, whatever its size. */
const readColumns = async (db: Database, model_id: string, run: NewestRun): Promise<Columns | undefined> => {
  const { window_end, results_id } = run;
  if (window_end) {
    const [whole] = (await readWindowAgain(db, model_id, { ...run, window_end })).rows;
    return whole && columnsOf(whole);
  }
  const [y_true, y_pred] = await db.copyRow(copyLabelsSql, {
    'cyclic.results_id': String(results_id),
    'cyclic.max_bytes': String(maxColumnBytes),
    'cyclic.max_score_bytes': '-1',
  });
  return y_true && y_pred ? { y_true, y_pred } : undefined;
};

/** Each class of the newest run, computed anew from what it looked at: most runs are never looked at so closely. */
export const getReport =
  ({ db }: { db: Database }) =>
  async ({ model_id }: Input<typeof route>): Promise<Output<typeof route>> => {
    const [found] = (await db.query<Found>(readNewestSampleSql, [model_id])) as [Found];
    const run = requireRun(model_id, found);
    const { scheduled_time, results_id, window_start, window_end } = run;
    const columns = await readColumns(db, model_id, run);
    const evaluated = columns && evaluate(metricSettings(run), columns, true);
    if (evaluated?.status !== 'ok' || !evaluated.report) {
      const where = window_end ? 'the newest window' : `sample row ${results_id}`;
      throw new Problem(404, `there are no classes in ${where} of model ${model_id}`);
    }
    return {
      status: 200,
      body: {
        model_id,
        scheduled_time: scheduled_time.toISOString(),
        results_id,
        window_start: window_start?.toISOString() ?? null,
        window_end: window_end?.toISOString() ?? null,
        ...evaluated.report,
      },
    };
  };

/** A large sample row, or window, takes its time. */
const timeoutMs = 20_000;

export const handler = httpHandler(route, async () => getReport({ db: database(timeoutMs) }));
