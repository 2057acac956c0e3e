import { ruleErrors } from '../lib/alerts/rule';
import { putRule } from '../lib/alerts/rules';
import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/putTagRule';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';

/** Makes or replaces a rule of all models of a tag. */
export const putTagRule =
  ({ db }: { db: Database }) =>
  async (
    { tag, rule: name, ...rule }: Input<typeof route>,
    _body = '',
    _scope?: unknown,
    caller = 'local',
  ): Promise<Output<typeof route>> => {
    const errors = ruleErrors(name, rule);
    if (errors.length > 0) throw new Problem(400, 'the rule has errors, see "errors"', { errors });
    const isNew = await db.transaction((connection) => putRule(connection, { tag }, name, rule, caller));
    return { status: isNew ? 201 : 200, body: { tag, rule: name, definition: rule } };
  };

/** Every alert of the rule is looked at. */
const evaluationTimeoutMs = 25_000;

export const handler = httpHandler(route, async () => putTagRule({ db: database(evaluationTimeoutMs) }));
