import type { Expected } from './expectRuns';
import { duesBetween, followingDue, graceMs, missedAt } from './plan';
import { type Settings, unreadable } from './schedule';

/** A row of takeOverdue.sql: a model whose expected_by has passed. */
export type Overdue = Pick<
  Settings,
  'model_id' | 'cron_expression' | 'timezone' | 'enabled' | 'flexible_window_minutes' | 'catch_up'
> & {
  effective_from: Date;
  /** null: not worked out yet. */
  next_due: Date | null;
  newest_scheduled_run: Date | null;
};

interface Look {
  /** The due times that should have run by now: most of them have. */
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

/** The due times that an overdue model should have run by now, and when to look at it again. */
export const lookAfter = (model: Overdue, now: Date): Look => {
  const nothing = { expected: [], next_due: null, expected_by: null, unreadable_since: null };
  if (!model.enabled) return nothing;
  if (unreadable(model)) return { ...nothing, unreadable_since: model.effective_from };
  const first = firstDue(model);
  if (!first) return nothing;
  const until = new Date(now.getTime() - graceMs(model));
  const { dues, before } = first > until ? { dues: [], before: 0 } : duesBetween(model, first, until);
  const next = first > until ? first : followingDue(model, until);
  return {
    ...nothing,
    expected: dues.map((due, n) => ({
      model_id: model.model_id,
      scheduled_time: due,
      missed_at: missedAt(model, due),
      missed_before: n === 0 && before > 0 ? before : null,
      catch_up_at: invokedAt(model, n === dues.length - 1, now),
    })),
    next_due: next,
    expected_by: next && missedAt(model, next),
  };
};
