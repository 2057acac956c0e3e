import { type Expected, expectedRuns } from './expectRuns';
import { followingDue, graceMs, missedAt } from './plan';
import { type Settings, unreadable } from './schedule';

/** A row of takeOverdue.sql: a model whose expected_by has passed. */
export type Overdue = Pick<
  Settings,
  'model_id' | 'cron_expression' | 'timezone' | 'enabled' | 'flexible_window_minutes' | 'catch_up'
> & {
  effective_from: Date;
  /** null: not worked out yet. */
  next_due: Date | null;
  /** The due times from next_due on that have a run or a row that says it was missed, in seconds since 1970. */
  recorded: number[];
  newest_scheduled_run: Date | null;
};

interface Look {
  /** The due times that should have run by now and have not. */
  expected: Expected[];
  next_due: Date | null;
  expected_by: Date | null;
  /** Set if the cron expression or time zone cannot be read. */
  unreadable_since: Date | null;
}

/**
 * The first due time to account for. A schedule that was written by hand has no next_due yet: then it is the one after its
 * newest run.
 */
const firstDue = (model: Overdue): Date | null => {
  const justBefore = model.effective_from.getTime() - 1;
  const after = Math.max(justBefore, model.newest_scheduled_run?.getTime() ?? justBefore);
  return model.next_due ?? followingDue(model, new Date(after));
};

const invokedAt = ({ catch_up }: Overdue, isLast: boolean, now: Date): Date | null =>
  catch_up === 'all' || (catch_up === 'last' && isLast) ? now : null;

/** The due times that an overdue model has missed by now, and when to look at it again. */
export const lookAfter = (model: Overdue, now: Date): Look => {
  const nothing = { expected: [], next_due: null, expected_by: null, unreadable_since: null };
  if (!model.enabled) return nothing;
  if (unreadable(model)) return { ...nothing, unreadable_since: model.effective_from };
  const first = firstDue(model);
  if (!first) return nothing;
  const until = new Date(now.getTime() - graceMs(model));
  if (first > until) return { ...nothing, next_due: first, expected_by: missedAt(model, first) };
  const next = followingDue(model, until);
  return {
    ...nothing,
    expected: expectedRuns(model, [first, until], model.recorded, (_, isLast) =>
      invokedAt(model, isLast, now),
    ),
    next_due: next,
    expected_by: next && missedAt(model, next),
  };
};
