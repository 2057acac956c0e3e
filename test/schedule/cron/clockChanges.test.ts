import fc from 'fast-check';
import { clockChanges, nextDue, parseCron } from '../../../lib/schedule/cron/cron';
import { crontab } from './crontab';
import { expressions, someDays } from './expressions';

const MINUTE = 60_000;
const localOf = (clock: { year: number; month: number; day: number; hour: number; minute: number }) =>
  Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute);

/** Local minutes that a wall clock never shows, and those that it shows again, minute by minute. */
const gapsAndRepeats = (minutes: { clock: Parameters<typeof localOf>[0]; again: boolean }[]) => {
  const shown = minutes.map(({ clock }) => localOf(clock));
  const skipped: number[] = [];
  for (const [at, local] of shown.entries()) {
    const before = shown[at - 1] ?? local;
    for (let gap = before + MINUTE; gap < local; gap += MINUTE) skipped.push(gap);
  }
  return { skipped, repeated: shown.filter((_, at) => minutes[at]?.again) };
};

const clockOf = (local: number) => {
  const date = new Date(local);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  };
};

test('what the clocks skip and repeat is what a walk over the wall clock, minute by minute, finds', () => {
  let changes = 0;
  fc.assert(
    fc.property(expressions, someDays, (expression, { timezone, minutes, first, last }) => {
      const { isMinute } = crontab(expression);
      const { skipped, repeated } = gapsAndRepeats(minutes);
      const due = { skipped, repeated };
      const found = clockChanges(parseCron(expression), timezone, first, last);
      for (const kind of ['skipped', 'repeated'] as const) {
        const wanted = due[kind].filter((local) => isMinute(clockOf(local)));
        const told = found.filter((change) => change.kind === kind);
        expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(wanted.length);
        expect(told.flatMap(({ times }) => times)).toEqual(wanted.slice(0, 5));
      }
      changes += found.length;
    }),
    { numRuns: 300 },
  );
  expect(changes).toBeGreaterThan(20);
});

test('a year of a zone without daylight saving has no change', () => {
  const from = Date.parse('2026-01-01T00:00Z');
  expect(clockChanges(parseCron('* * * * *'), 'Asia/Tokyo', from, from + 365 * 86_400_000)).toEqual([]);
});

test('after a change the next due time is not one of those that it skipped', () => {
  const from = Date.parse('2026-03-28T12:00Z');
  const cron = parseCron('30 2 * * *');
  const [change] = clockChanges(cron, 'Europe/Berlin', from, from + 365 * 86_400_000);
  expect(change).toMatchObject({ kind: 'skipped', times: [Date.parse('2026-03-29T02:30Z')] });
  expect(nextDue(cron, 'Europe/Berlin', from)).toEqual(new Date('2026-03-30T00:30Z'));
});
