import addLabelsSql from '../../../sql/queries/addLabels.sql';
import addPredictionsByIdSql from '../../../sql/queries/addPredictionsById.sql';
import copyPredictionsSql from '../../../sql/queries/copyPredictions.sql';
import findRepeatedIdsSql from '../../../sql/queries/findRepeatedIds.sql';
import stagePredictionsSql from '../../../sql/queries/stagePredictions.sql';
import takeTurnAtPredictionsSql from '../../../sql/queries/takeTurnAtPredictions.sql';
import type { Database, Transaction } from '../../postgres/database';
import type { Read } from './readUpload';
import type { Kind, LineError } from './rows';

/** What became of the predictions of an upload. */
export interface PredictionCounts {
  new: number;
  /** There already, and no different. */
  equal: number;
  /** There already, with no label or another one. */
  relabelled: number;
}

/** What became of the labels of an upload. */
export interface LabelCounts {
  new: number;
  equal: number;
  /** Took the place of another label. */
  corrected: number;
  /** Left aside, as a label of a later time is there. */
  older: number;
  /** Have no prediction yet. */
  waiting: number;
}

/** Lines that are wrong: nothing was stored. */
export class WrongLines extends Error {
  constructor(readonly lines: LineError[]) {
    super('lines of the upload are wrong');
  }
}

/** Predictions that are there already and say something else: nothing was stored. */
export class Different extends Error {
  constructor(
    readonly count: number,
    /** The first twenty. */
    readonly first: { id: string; differs_in: string }[],
  ) {
    super('predictions are there already and say something else');
  }
}

const stage = async (connection: Transaction, read: Read): Promise<void> => {
  await connection.query(stagePredictionsSql);
  await connection.copyIn(copyPredictionsSql, read.lines);
  if (read.errors.length > 0) throw new WrongLines(read.errors);
};

const refuseRepeated = async (connection: Transaction): Promise<void> => {
  const repeated = await connection.query<{ line: number; id: string; first_line: number }>(
    findRepeatedIdsSql,
  );
  if (repeated.length === 0) return;
  throw new WrongLines(
    repeated.map(({ line, id, first_line }) => ({
      line,
      column: 'id',
      message: `${id} is in line ${first_line} already, with something else`,
    })),
  );
};

/** What the statement of predictions tells besides their counts. */
interface Compared {
  ids: number;
  different: number;
  first_different: Different['first'];
}

/** Stores all of an upload or nothing. @throws WrongLines, Different, Unavailable */
const store = <Counts>(db: Database, model_id: string, kind: Kind, read: Read): Promise<Counts> =>
  db.transaction(async (connection) => {
    await stage(connection, read);
    await connection.query(takeTurnAtPredictionsSql, [model_id]);
    const text = kind === 'predictions' ? addPredictionsByIdSql : addLabelsSql;
    const values = [model_id, read.spelling()];
    const [counts] = await connection.query<Counts>(text, values, { plan: 'each time' });
    const { ids = read.rows, different = 0, first_different = [] } = counts as Partial<Compared>;
    if (ids < read.rows) await refuseRepeated(connection);
    if (different > 0) throw new Different(different, first_different);
    return counts as Counts;
  });

export const storePredictions = async (
  db: Database,
  model_id: string,
  read: Read,
): Promise<PredictionCounts> => {
  const { new: added, equal, relabelled } = await store<PredictionCounts>(db, model_id, 'predictions', read);
  return { new: added, equal, relabelled };
};

export const storeLabels = (db: Database, model_id: string, read: Read): Promise<LabelCounts> =>
  store<LabelCounts>(db, model_id, 'labels', read);
