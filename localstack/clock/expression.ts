import { memoize } from '../../lib/runtime/memoize';
import { zoneNamed } from '../../lib/schedule/cron/timezone';
import { isMinuteOf, lastMinuteOf } from '../../lib/schedule/cron/wallClock';
import { ExpressionError, parseEventBridgeCron } from './eventBridgeCron';

export { ExpressionError };

const MINUTE = 60_000;
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE, hour: 60 * MINUTE, day: 24 * 60 * MINUTE };

/**
 * When EventBridge Scheduler would run a schedule. `start` is the schedule's StartDate or, without one, its creation:
 * only `rate` counts from it, and keeping to StartDate and EndDate is up to the caller. Both throw a RangeError for
 * an unknown time zone.
 */
export interface ScheduleExpression {
  /** Whether it is an at(), due at one moment only. */
  readonly once: boolean;
  /** Whether the minute that holds `instant` is due. */
  isDue(timezone: string, instant: Date | number, start: Date | number): boolean;
  /** The newest due time later than `after` and not later than `until`. */
  lastDue(timezone: string, after: Date | number, until: Date | number, start: Date | number): Date | null;
}

/** Reads `cron(...)`, `rate(...)` or `at(...)`. Throws an ExpressionError. Answers are shared between callers. */
export const parseScheduleExpression: (expression: string) => ScheduleExpression = memoize(
  10_000,
  (expression) => {
    if (expression.length > 256) throw new ExpressionError('longer than 256 characters');
    const [, kind, argument] = /^(cron|rate|at)\((.*)\)$/.exec(expression) ?? [];
    if (kind === 'cron') return cron(argument as string);
    if (kind === 'rate') return rate(argument as string);
    if (kind === 'at') return at(argument as string);
    throw new ExpressionError(`"${expression}" is none of cron(...), rate(...) and at(...)`);
  },
);

function cron(fields: string): ScheduleExpression {
  const pattern = parseEventBridgeCron(fields);
  return {
    once: false,
    isDue: (timezone, instant) => isMinuteOf(pattern, zoneNamed(timezone), +instant),
    lastDue: (timezone, after, until) =>
      dateOf(lastMinuteOf(pattern, zoneNamed(timezone), +after + 1, +until)),
  };
}

/** A day is 24 hours, whatever the clocks do. The first due time is the first whole minute from `start`. */
function rate(argument: string): ScheduleExpression {
  const [, count, unit] = /^([1-9]\d{0,8}) (minute|hour|day)s?$/.exec(argument) ?? [];
  if (unit === undefined) {
    throw new ExpressionError(
      `rate(${argument}): write for example rate(1 minute), rate(5 minutes) or rate(2 days)`,
    );
  }
  const period = Number(count) * (UNITS[unit] as number);
  const lastDue = (after: number, until: number, start: number) => {
    const first = Math.ceil(start / MINUTE) * MINUTE;
    const due = first + Math.floor((until - first) / period) * period;
    return due >= first && due > after ? due : null;
  };
  return {
    once: false,
    isDue: (_timezone, instant, start) => lastDue(minuteOf(instant) - 1, minuteOf(instant), +start) !== null,
    lastDue: (_timezone, after, until, start) => dateOf(lastDue(+after, +until, +start)),
  };
}

/** To the second. A time that the clocks skip never comes. */
function at(argument: string): ScheduleExpression {
  const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(argument) ? Date.parse(`${argument}Z`) : Number.NaN;
  if (Number.isNaN(local) || new Date(local).toISOString() !== `${argument}.000Z`) {
    throw new ExpressionError(`at(${argument}): write an existing date and time as at(yyyy-mm-ddThh:mm:ss)`);
  }
  const due = (timezone: string): number | null => {
    const minute = zoneNamed(timezone).firstInstantAt(minuteOf(local));
    return minute === null ? null : minute + (local - minuteOf(local));
  };
  return {
    once: true,
    isDue(timezone, instant) {
      const time = due(timezone);
      return time !== null && minuteOf(time) === minuteOf(instant);
    },
    lastDue(timezone, after, until) {
      const instant = due(timezone);
      return instant !== null && instant > +after && instant <= +until ? new Date(instant) : null;
    },
  };
}

const minuteOf = (instant: Date | number) => Math.floor(+instant / MINUTE) * MINUTE;

const dateOf = (instant: number | null) => (instant === null ? null : new Date(instant));
