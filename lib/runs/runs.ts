import copyLabelsSql from '../../sql/queries/copyLabels.sql';
import getRunSql from '../../sql/queries/getRun.sql';
import readRunInputsSql from '../../sql/queries/readRunInputs.sql';
import recordRunsSql from '../../sql/queries/recordRuns.sql';
import { rowCopier } from '../postgres/copyRow';
import { type Database, query } from '../postgres/database';
import { gather } from '../runtime/gather';
import { limit } from '../runtime/limit';
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
  y_true: Buffer | null;
  y_pred: Buffer | null;
}

type Labels = Pick<RunInput, 'y_true' | 'y_pred'>;
type Found = Omit<RunInput, keyof Labels> &
  Record<keyof Labels, string | null> & { n: number; large: boolean };

/**
 * A larger sample row is read by itself, one at a time: a few of the largest would not fit into an environment's memory.
 * Decompressed, a row of this size has at most 16 MiB: lz4 makes one byte of 255.
 */
const sharedBytesOnDisk = 64 * 1024;

const bytesOf = (text: string | null) => (text === null ? null : Buffer.from(text));

/**
 * Answers with what `use` makes of a run's input, which is undefined for a model without a schedule, and whose labels are
 * there only until it returns.
 * @param maxColumnBytes how many bytes of JSON a column of a large sample row may have
 */
export const runInputReader = (db: Database, maxColumnBytes: number) => {
  const readTogether = gather(async (keys: RunKey[]): Promise<(Found | undefined)[]> => {
    const ids = keys.map(({ model_id }) => model_id);
    const times = keys.map(({ scheduled_time }) => scheduled_time);
    const found = await query<Found>(db, readRunInputsSql, [ids, times, sharedBytesOnDisk]);
    const byPlace = new Map(found.map((input) => [input.n - 1, input]));
    return keys.map((_, n) => byPlace.get(n));
  });
  const copyRow = rowCopier(db, copyLabelsSql, maxColumnBytes);
  const copyLabels = async (results_id: number | null): Promise<Labels | undefined> => {
    const settings = { 'cyclic.results_id': `${results_id}`, 'cyclic.max_bytes': `${maxColumnBytes + 4}` };
    const row = await copyRow(settings);
    return row && { y_true: row[0] ?? null, y_pred: row[1] ?? null };
  };
  const turn = limit(1);
  return async function read<T>(key: RunKey, use: (input: RunInput | undefined) => T): Promise<T> {
    const found = await readTogether(key);
    if (!found) return use(undefined);
    if (!found.large) return use({ ...found, y_true: bytesOf(found.y_true), y_pred: bytesOf(found.y_pred) });
    const used = await turn(async () => {
      const labels = await copyLabels(found.results_id);
      return labels && { answer: use({ ...found, ...labels }) };
    });
    return used ? used.answer : read(key, use); // the sample row was deleted in between: whatever is the newest now
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
