import type * as z from 'zod';
import deleteRuleSql from '../../sql/queries/deleteRule.sql';
import evaluateAlertsOfSql from '../../sql/queries/evaluateAlertsOf.sql';
import evaluateModelSql from '../../sql/queries/evaluateModel.sql';
import putRuleSql from '../../sql/queries/putRule.sql';
import takeTurnSql from '../../sql/queries/takeTurn.sql';
import type { Queries } from '../postgres/database';
import { type Rule, ruleSchema } from './rule';
import type { modelRuleSchema } from './schemas';

/** Whose rule it is. */
export type Owner = { model_id: string; tag?: never } | { tag: string; model_id?: never };

/** Of a tag, each model is looked at with its next run; one that has such an alert, now. */
const evaluate = (db: Queries, { model_id, tag }: Owner, name: string) =>
  model_id === undefined
    ? db.query(evaluateAlertsOfSql, [name, tag])
    : db.query(evaluateModelSql, [model_id]);

/** Stores a rule, in a transaction, and looks at what it says now. @returns whether it is new */
export const putRule = async (
  connection: Queries,
  owner: Owner,
  name: string,
  rule: Rule,
  caller: string,
): Promise<boolean> => {
  const { model_id = null, tag = null } = owner;
  await connection.query(takeTurnSql, [model_id ?? tag]);
  const [before] = await connection.query<{ before: Rule | null }>(putRuleSql, [
    model_id,
    tag,
    name,
    JSON.stringify(rule),
    caller,
  ]);
  await evaluate(connection, owner, name);
  return before?.before == null;
};

/** Removes a rule, in a transaction, and ends its alerts. @returns whether it was there */
export const deleteRule = async (
  connection: Queries,
  owner: Owner,
  name: string,
  caller: string,
): Promise<boolean> => {
  const { model_id = null, tag = null } = owner;
  await connection.query(takeTurnSql, [model_id ?? tag]);
  const gone = await connection.query(deleteRuleSql, [model_id, tag, name, caller]);
  if (gone.length > 0) await evaluate(connection, owner, name);
  return gone.length > 0;
};

/** A row of readRules.sql. */
export interface FoundRule {
  name: string;
  rule: Partial<Rule>;
  tag: string | null;
  built_in: boolean;
  state: 'ok' | 'pending' | 'firing' | null;
  since: Date | null;
  facts: Record<string, unknown> | null;
  snoozed_until: Date | null;
  snooze_note: string | null;
}

/** A rule of a model as it is answered. */
export const describeRule = (found: FoundRule): z.output<typeof modelRuleSchema> => ({
  rule: found.name,
  definition: ruleSchema.parse(found.rule),
  source: found.built_in ? 'built-in' : found.tag === null ? 'model' : 'tag',
  tag: found.tag,
  state: found.state ?? 'ok',
  since: found.since?.toISOString() ?? null,
  snoozed_until: found.snoozed_until?.toISOString() ?? null,
  snooze_note: found.snooze_note,
  facts: knownOf(found.facts ?? {}),
});

/** Without the rule, which is told beside them. */
export const knownOf = ({ rule: _, ...facts }: Record<string, unknown>) => facts;
