import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import { env } from '../lib/runtime/env';
import { lazy } from '../lib/runtime/lazy';
import { log } from '../lib/runtime/log';
import { putServiceState } from '../lib/runtime/serviceState';
import keepPredictionMonthsSql from '../sql/queries/keepPredictionMonths.sql';
import keepRunMonthsSql from '../sql/queries/keepRunMonths.sql';
import modelsWithManyRunsSql from '../sql/queries/modelsWithManyRuns.sql';
import pruneEarlierRunsSql from '../sql/queries/pruneEarlierRuns.sql';
import pruneLabelsSql from '../sql/queries/pruneLabels.sql';
import pruneManyRunsSql from '../sql/queries/pruneManyRuns.sql';
import pruneNotificationsSql from '../sql/queries/pruneNotifications.sql';
import pruneOtherPredictionsSql from '../sql/queries/pruneOtherPredictions.sql';
import pruneResultsSql from '../sql/queries/pruneResults.sql';

interface Deps {
  db: Database;
  /** How long a run is kept, and how many of a model; the newest of a model always is. */
  keepDays: number;
  keepPerModel: number;
  /** How long a sample row is kept; undefined: for ever. */
  keepResultDays?: number | undefined;
  /** How long a prediction is kept, and a label waits for one. */
  keepPredictionDays: number;
}

export interface Pruned {
  /** Months of runs. */
  run_months: number;
  /** Runs of before the months, and those beyond what is kept of a model. */
  old: number;
  many: number;
  /** Months of predictions. */
  months: number;
  /** Labels that waited in vain. */
  labels: number;
  /** Sample rows. */
  rows: number;
}

/** Small, so that no lock lasts and no batch is lost for long when it fails. */
const batch = 1000;

const inBatches = async (prune: () => Promise<unknown[]>): Promise<number> => {
  let total = 0;
  for (;;) {
    const gone = (await prune()).length;
    total += gone;
    if (gone < batch) return total;
  }
};

const untilNone = async (drop: () => Promise<{ dropped: number }[]>): Promise<number> => {
  let total = 0;
  for (;;) {
    const [{ dropped }] = (await drop()) as [{ dropped: number }];
    total += dropped;
    if (dropped === 0) return total;
  }
};

/** Deletes runs that are older, or more, than are kept, and old predictions, labels and sample rows. Safe to repeat, and by two at once. */
export const prune =
  ({ db, keepDays, keepPerModel, keepPredictionDays, keepResultDays }: Deps) =>
  async (): Promise<Pruned> => {
    const run_months = await untilNone(() => db.query(keepRunMonthsSql, [keepDays]));
    const old = await inBatches(() => db.query(pruneEarlierRunsSql, [keepDays, batch]));
    await inBatches(() => db.query(pruneNotificationsSql, [keepDays, batch]));
    const models = await db.query<{ model_id: string }>(modelsWithManyRunsSql, [keepPerModel]);
    let many = 0;
    for (const { model_id } of models) {
      many += await inBatches(() => db.query(pruneManyRunsSql, [model_id, keepPerModel, batch]));
    }
    const months = await untilNone(() => db.query(keepPredictionMonthsSql, [keepPredictionDays]));
    await inBatches(() => db.query(pruneOtherPredictionsSql, [keepPredictionDays, batch]));
    const labels = await inBatches(() => db.query(pruneLabelsSql, [keepPredictionDays, batch]));
    const rows =
      keepResultDays === undefined
        ? 0
        : await inBatches(() => db.query(pruneResultsSql, [keepResultDays, batch]));
    return { run_months, old, many, months, labels, rows };
  };

/** Counting the runs of all models reads an index from end to end. */
const countTimeoutMs = 300_000;

const open = lazy(async () => ({
  db: database(countTimeoutMs),
  keepDays: env('RUNS_KEEP_DAYS'),
  keepPerModel: env('RUNS_KEEP_PER_MODEL'),
  keepPredictionDays: env('PREDICTIONS_KEEP_DAYS'),
  keepResultDays: env('RESULTS_KEEP_DAYS'),
}));

export const handler = async (): Promise<Pruned> => {
  const deps = await open();
  const pruned = await prune(deps)();
  log.info('pruned', { ...pruned });
  await putServiceState(deps.db, 'prune', pruned);
  return pruned;
};
