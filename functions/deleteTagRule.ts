import { deleteRule } from '../lib/alerts/rules';
import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/deleteTagRule';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';

/** Removes a rule of a tag, and ends the alerts of it. */
export const deleteTagRule =
  ({ db }: { db: Database }) =>
  async (
    { tag, rule }: Input<typeof route>,
    _body = '',
    _scope?: unknown,
    caller = 'local',
  ): Promise<Output<typeof route>> => {
    const gone = await db.transaction((connection) => deleteRule(connection, { tag }, rule, caller));
    if (!gone) throw new Problem(404, `tag "${tag}" has no rule "${rule}"`);
    return { status: 204 };
  };

/** Every alert of the rule is looked at. */
const evaluationTimeoutMs = 25_000;

export const handler = httpHandler(route, async () => deleteTagRule({ db: database(evaluationTimeoutMs) }));
