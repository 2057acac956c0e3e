import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/getReport';
import { evaluate } from '../lib/metrics/evaluate';
import type { Database } from '../lib/postgres/database';
import { maxColumnBytes } from '../lib/runs/score';
import { database } from '../lib/runtime/clients';
import { metricSettings } from '../lib/schedule/metricSettings';
import type { Settings } from '../lib/schedule/schedule';
import copyLabelsSql from '../sql/queries/copyLabels.sql';
import readNewestSampleSql from '../sql/queries/readNewestSample.sql';

/** A row of readNewestSample.sql. */
interface Found {
  task: Settings['task'] | null;
  labels: Settings['labels'];
  scheduled_time: Date | null;
  results_id: number | null;
  kept: boolean;
}

/** @throws Problem 404 that says what the report lacks */
const requireSample = (model_id: string, { task, labels, scheduled_time, results_id, kept }: Found) => {
  const lacks = (what: string) => new Problem(404, what);
  if (task === null) throw lacks(`model ${model_id} has no schedule, which says how its labels are read`);
  if (task === 'regression') throw lacks(`model ${model_id} is a regression: no classes`);
  if (!scheduled_time) throw lacks(`model ${model_id} has no run with a number`);
  if (results_id === null) throw lacks(`the newest run of model ${model_id} looked at no sample row`);
  if (!kept) throw lacks(`sample row ${results_id}, of the newest run of model ${model_id}, is deleted`);
  return { task, labels, scheduled_time, results_id };
};

/** Each class of the newest run, computed anew from its sample row: most runs are never looked at so closely. */
export const getReport =
  ({ db }: { db: Database }) =>
  async ({ model_id }: Input<typeof route>): Promise<Output<typeof route>> => {
    const [found] = (await db.query<Found>(readNewestSampleSql, [model_id])) as [Found];
    const { task, labels, scheduled_time, results_id } = requireSample(model_id, found);
    const [y_true, y_pred] = await db.copyRow(copyLabelsSql, {
      'cyclic.results_id': String(results_id),
      'cyclic.max_bytes': String(maxColumnBytes),
      'cyclic.max_score_bytes': '-1',
    });
    const settings = metricSettings({ task, metrics: ['accuracy'], pos_label: null, labels });
    const evaluated = y_true && y_pred ? evaluate(settings, { y_true, y_pred }, true) : undefined;
    if (evaluated?.status !== 'ok' || !evaluated.report) {
      throw new Problem(404, `there are no classes in sample row ${results_id} of model ${model_id}`);
    }
    return {
      status: 200,
      body: { model_id, scheduled_time: scheduled_time.toISOString(), results_id, ...evaluated.report },
    };
  };

/** A large sample row takes its time. */
const timeoutMs = 20_000;

export const handler = httpHandler(route, async () => getReport({ db: database(timeoutMs) }));
