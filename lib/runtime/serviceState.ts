import putServiceStateSql from '../../sql/queries/putServiceState.sql';
import type { Queries } from '../postgres/database';

/** What runs by itself. */
export type ServiceName = 'watch' | 'reconcile' | 'prune';

/** Notes how something that runs by itself ended, for GET /health. */
export const putServiceState = async (db: Queries, name: ServiceName, outcome: object): Promise<void> => {
  await db.query(putServiceStateSql, [name, outcome]);
};
