import { ruleErrors } from '../lib/alerts/rule';
import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/tryRule';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import type { Schedule } from '../lib/schedule/schedule';
import getScheduleSql from '../sql/queries/getSchedule.sql';
import tryRuleSql from '../sql/queries/tryRule.sql';

/** A row of tryRule.sql. */
export interface Fired {
  fired_at: Date;
  ended_at: Date | null;
}

const told = 100;

/** When a rule would have fired, by the same function that looks at each run. */
export const tryRule =
  ({ db }: { db: Database }) =>
  async ({ model_id, rule: name, days, ...rule }: Input<typeof route>): Promise<Output<typeof route>> => {
    const [schedule] = await db.query<Schedule>(getScheduleSql, [model_id]);
    if (!schedule) throw new Problem(404, `model ${model_id} has no schedule`);
    const errors =
      name === 'missed' || name === 'stale_data'
        ? [{ path: 'rule', message: 'is about no run, and cannot be tried' }]
        : ruleErrors(name, rule, schedule);
    if (errors.length > 0) throw new Problem(400, 'the rule has errors, see "errors"', { errors });
    const fired = await db.query<Fired>(tryRuleSql, [model_id, name, JSON.stringify(rule), days]);
    const times = fired.slice(-told).map(({ fired_at, ended_at }) => ({
      fired_at: fired_at.toISOString(),
      ended_at: ended_at?.toISOString() ?? null,
    }));
    return { status: 200, body: { days, fired: fired.length, times } };
  };

export const handler = httpHandler(route, async () => tryRule({ db: database(10_000) }));
