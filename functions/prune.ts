import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import { env } from '../lib/runtime/env';
import { lazy } from '../lib/runtime/lazy';
import { log } from '../lib/runtime/log';
import { putServiceState } from '../lib/runtime/serviceState';
import modelsWithManyRunsSql from '../sql/queries/modelsWithManyRuns.sql';
import pruneManyRunsSql from '../sql/queries/pruneManyRuns.sql';
import pruneNotificationsSql from '../sql/queries/pruneNotifications.sql';
import pruneOldRunsSql from '../sql/queries/pruneOldRuns.sql';

interface Deps {
  db: Database;
  /** How long a run is kept, and how many of a model; the newest of a model always is. */
  keepDays: number;
  keepPerModel: number;
}

export interface Pruned {
  old: number;
  many: number;
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

/** Deletes runs that are older, or more, than are kept. Safe to repeat, and by two at once. */
export const prune =
  ({ db, keepDays, keepPerModel }: Deps) =>
  async (): Promise<Pruned> => {
    const old = await inBatches(() => db.query(pruneOldRunsSql, [keepDays, batch]));
    await inBatches(() => db.query(pruneNotificationsSql, [keepDays, batch]));
    const models = await db.query<{ model_id: string }>(modelsWithManyRunsSql, [keepPerModel]);
    let many = 0;
    for (const { model_id } of models) {
      many += await inBatches(() => db.query(pruneManyRunsSql, [model_id, keepPerModel, batch]));
    }
    return { old, many };
  };

/** Counting the runs of all models reads an index from end to end. */
const countTimeoutMs = 300_000;

const open = lazy(async () => ({
  db: database(countTimeoutMs),
  keepDays: env('RUNS_KEEP_DAYS'),
  keepPerModel: env('RUNS_KEEP_PER_MODEL'),
}));

export const handler = async (): Promise<Pruned> => {
  const deps = await open();
  const pruned = await prune(deps)();
  log.info('pruned', { ...pruned });
  await putServiceState(deps.db, 'prune', pruned);
  return pruned;
};
