import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/removeReference';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import removeReferenceSql from '../sql/queries/removeReference.sql';

/** Forgets the run that a model's runs are compared with. */
export const removeReference =
  ({ db }: { db: Database }) =>
  async ({ model_id }: Input<typeof route>): Promise<Output<typeof route>> => {
    const [known] = await db.query(removeReferenceSql, [model_id]);
    if (!known) throw new Problem(404, `model ${model_id} has no schedule`);
    return { status: 204 };
  };

export const handler = httpHandler(route, async () => removeReference({ db: database() }));
