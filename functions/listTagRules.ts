import { type Rule, ruleSchema } from '../lib/alerts/rule';
import { httpHandler } from '../lib/http/handler';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/listTagRules';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import listTagRulesSql from '../sql/queries/listTagRules.sql';

/** A row of listTagRules.sql. */
export interface FoundTagRule {
  tag: string;
  name: string;
  rule: Rule;
}

/** The rules of tags. */
export const listTagRules =
  ({ db }: { db: Database }) =>
  async ({ tag }: Input<typeof route>): Promise<Output<typeof route>> => {
    const found = await db.query<FoundTagRule>(listTagRulesSql, [tag ?? null]);
    const items = found.map(({ tag, name, rule }) => ({
      tag,
      rule: name,
      definition: ruleSchema.parse(rule),
    }));
    return { status: 200, body: { items } };
  };

export const handler = httpHandler(route, async () => listTagRules({ db: database() }));
