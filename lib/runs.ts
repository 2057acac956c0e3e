import getRunSql from '../sql/queries/getRun.sql';
import readRunInputsSql from '../sql/queries/readRunInputs.sql';
import recordRunsSql from '../sql/queries/recordRuns.sql';
import { gather } from './gather';
import { limit } from './limit';
import { type Database, query } from './postgres';
import type { Run } from './result';

// What a run reads and writes in PostgreSQL. Runs that share an execution environment share the round trips.

/** Which run: at most one of these ever counts. */
export type RunKey = Pick<Run, 'model_id' | 'scheduled_time'>;

/** The model's schedule and newest sample row, whose columns are null if they are too large. */
export interface RunInput {
  cron_expression: string;
  timezone: string;
  enabled: boolean;
  updated_at: Date;
  recorded: boolean;
  results_id: number | null;
  data_timestamp: Date | null;
  y_true: string | null;
  y_pred: string | null;
}

/** A larger sample row is asked for by itself: a few of the largest would not fit into an environment's memory. */
const sharedBytesOnDisk = 64 * 1024;

type Found = RunInput & { n: number; alone: boolean };

/**
 * Undefined for a model without a schedule.
 * @param maxColumnBytes how many bytes of JSON a column may have
 */
export const runInputReader = (db: Database, maxColumnBytes: number) => {
  const read = async (keys: RunKey[]): Promise<(Found | undefined)[]> => {
    const ids = keys.map(({ model_id }) => model_id);
    const times = keys.map(({ scheduled_time }) => scheduled_time);
    const found = await query<Found>(db, readRunInputsSql, [ids, times, maxColumnBytes, sharedBytesOnDisk]);
    const byPlace = new Map(found.map((input) => [input.n - 1, input]));
    return keys.map((_, n) => byPlace.get(n));
  };
  const readTogether = gather(read);
  const turn = limit(1);
  return async (key: RunKey): Promise<RunInput | undefined> => {
    const input = await readTogether(key);
    return input?.alone ? turn(async () => (await read([key]))[0]) : input;
  };
};

const nameOf = ({ model_id, scheduled_time }: RunKey) => `${model_id} at ${scheduled_time.toISOString()}`;

/** The run of a due time that has one. */
export const readRun = async (db: Database, key: RunKey): Promise<Run> => {
  const [run] = await query<Run>(db, getRunSql, [key.model_id, key.scheduled_time]);
  if (!run) throw new Error(`run of ${nameOf(key)} is gone`);
  return run;
};

/** Records a run unless its due time has one, and answers the one that counts. */
export const runRecorder = (db: Database) => {
  const columns = [
    'model_id',
    'scheduled_time',
    'trigger',
    'status',
    'accuracy',
    'n_samples',
    'results_id',
    'data_timestamp',
    'error',
    'started_at',
  ] as const satisfies (keyof Run)[];
  return gather(async (runs: Omit<Run, 'finished_at'>[]): Promise<Run[]> => {
    const values = columns.map((column) => runs.map((run) => run[column]));
    const recorded = await query<Run>(db, recordRunsSql, values);
    const byName = new Map(recorded.map((run) => [nameOf(run), run]));
    return Promise.all(runs.map((run) => byName.get(nameOf(run)) ?? readRun(db, run)));
  });
};
