import { ruleErrors } from '../lib/alerts/rule';
import { describeRule, type FoundRule, putRule as storeRule } from '../lib/alerts/rules';
import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/putRule';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import type { Schedule } from '../lib/schedule/schedule';
import getScheduleSql from '../sql/queries/getSchedule.sql';
import readRulesSql from '../sql/queries/readRules.sql';
import takeTurnSql from '../sql/queries/takeTurn.sql';

/** Makes or replaces a rule of a model, and looks at what it says now. */
export const putRule =
  ({ db }: { db: Database }) =>
  async (
    { model_id, rule: name, ...rule }: Input<typeof route>,
    _body = '',
    _scope?: unknown,
    caller = 'local',
  ): Promise<Output<typeof route>> =>
    db.transaction(async (connection) => {
      await connection.query(takeTurnSql, [model_id]);
      const [schedule] = await connection.query<Schedule>(getScheduleSql, [model_id]);
      if (!schedule) throw new Problem(404, `model ${model_id} has no schedule`);
      const errors = ruleErrors(name, rule, schedule);
      if (errors.length > 0) throw new Problem(400, 'the rule has errors, see "errors"', { errors });
      const isNew = await storeRule(connection, { model_id }, name, rule, caller);
      const rules = await connection.query<FoundRule>(readRulesSql, [model_id]);
      const stored = rules.find((it) => it.name === name) as FoundRule;
      return { status: isNew ? 201 : 200, body: describeRule(stored) };
    });

export const handler = httpHandler(route, async () => putRule({ db: database() }));
