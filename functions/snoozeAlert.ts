import { describeRule, type FoundRule } from '../lib/alerts/rules';
import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/snoozeAlert';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import readRulesSql from '../sql/queries/readRules.sql';
import snoozeAlertSql from '../sql/queries/snoozeAlert.sql';
import takeTurnSql from '../sql/queries/takeTurn.sql';

/** Lets nobody be told of an alert until a time. */
export const snoozeAlert =
  ({ db }: { db: Database }) =>
  async (
    { model_id, rule: name, until, note }: Input<typeof route>,
    _body = '',
    _scope?: unknown,
    caller = 'local',
  ): Promise<Output<typeof route>> =>
    db.transaction(async ({ query }) => {
      await query(takeTurnSql, [model_id]);
      const find = async () =>
        (await query<FoundRule>(readRulesSql, [model_id])).find((rule) => rule.name === name);
      const rule = await find();
      if (!rule) throw new Problem(404, `model ${model_id} has no rule "${name}"`);
      const severity = rule.rule.severity ?? 'warning';
      await query(snoozeAlertSql, [model_id, name, until, note, caller, severity]);
      return { status: 200, body: describeRule((await find()) ?? rule) };
    });

export const handler = httpHandler(route, async () => snoozeAlert({ db: database() }));
