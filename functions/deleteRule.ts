import { deleteRule as removeRule } from '../lib/alerts/rules';
import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/deleteRule';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';

/** Removes a rule of a model, and ends its alert. */
export const deleteRule =
  ({ db }: { db: Database }) =>
  async (
    { model_id, rule }: Input<typeof route>,
    _body = '',
    _scope?: unknown,
    caller = 'local',
  ): Promise<Output<typeof route>> => {
    const gone = await db.transaction((connection) => removeRule(connection, { model_id }, rule, caller));
    if (!gone) throw new Problem(404, `model ${model_id} has no rule "${rule}" of its own`);
    return { status: 204 };
  };

export const handler = httpHandler(route, async () => deleteRule({ db: database() }));
