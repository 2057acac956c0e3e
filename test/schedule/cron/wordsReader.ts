import type { Clock } from './crontab';

/*
 * Reads the words of lib/schedule/cron/words.ts as a person would, phrase by phrase, and says of a minute whether they mean
 * it. It knows nothing of cron; a phrase that it does not know is an error.
 */

const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'];

type Means = (clock: Clock) => boolean;

const lastDay = ({ year, month }: Clock) => new Date(Date.UTC(year, month, 0)).getUTCDate();
const minuteOfDay = ({ hour, minute }: Clock) => hour * 60 + minute;
const clockTime = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

/** "A", "A and B", "A, B and C", "A to C". */
const valuesIn = (text: string, numberOf: (word: string) => number): number[] => {
  const range = /^(\S+) to (\S+)$/.exec(text);
  if (!range) return text.split(/, | and /).map(numberOf);
  const [from, to] = [numberOf(range[1] as string), numberOf(range[2] as string)];
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
};

const known = (names: string[], first: number) => (name: string) => {
  const at = names.indexOf(name);
  if (at < 0) throw new Error(`"${name}" is not in ${names}`);
  return at + first;
};
const weekdayNamed = known(WEEKDAYS, 0);

const nearest = (wanted: number, clock: Clock): number | undefined => {
  const isWorkday = (day: number) =>
    ![0, 6].includes(new Date(Date.UTC(clock.year, clock.month - 1, day)).getUTCDay());
  const days = Array.from({ length: lastDay(clock) }, (_, n) => n + 1).filter(isWorkday);
  return days.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0];
};

const dayPhrases: [RegExp, (found: string[]) => Means][] = [
  [/^the last day of the month$/, () => (clock) => clock.day === lastDay(clock)],
  [/^the last day from Monday to Friday of the month$/, () => (clock) => clock.day === nearest(31, clock)],
  [
    /^the day from Monday to Friday nearest to day (\d+) of the month$/,
    ([, day]) =>
      (clock) =>
        Number(day) <= lastDay(clock) && clock.day === nearest(Number(day), clock),
  ],
  [
    /^the day (\d+) days? before the last of the month$/,
    ([, back]) =>
      (clock) =>
        clock.day === lastDay(clock) - Number(back),
  ],
  [
    /^the (\w+) (\w+day) of the month$/,
    ([, nth = '', weekday = '']) =>
      (clock) => {
        if (clock.weekday !== weekdayNamed(weekday)) return false;
        if (nth === 'last') return clock.day + 7 > lastDay(clock);
        return Math.ceil(clock.day / 7) === known(ORDINALS, 1)(nth);
      },
  ],
  [
    /^day (\d+(?:(?:, | and | to )\d+)*) of the month$/,
    ([, days = '']) => {
      const listed = valuesIn(days, Number);
      return (clock) => listed.includes(clock.day);
    },
  ],
  [
    /^((?:\w+day)(?:(?:, | and | to )\w+day)*)$/,
    ([, weekdays = '']) => {
      const listed = valuesIn(weekdays, weekdayNamed);
      return (clock) => listed.includes(clock.weekday);
    },
  ],
];

const phrase = (text: string, phrases: [RegExp, (found: string[]) => Means][]): Means | undefined => {
  for (const [form, read] of phrases) {
    const found = form.exec(text);
    if (found) return read([...found]);
  }
  return undefined;
};

/** One phrase, or several as a list: taken apart at each place that leaves phrases on both sides. */
const dayList = (text: string): Means => {
  const whole = phrase(text, dayPhrases);
  if (whole) return whole;
  for (const { index, 0: joint } of text.matchAll(/, | and /g)) {
    const head = phrase(text.slice(0, index), dayPhrases);
    if (!head) continue;
    const rest = dayList(text.slice(index + joint.length));
    return (clock) => head(clock) || rest(clock);
  }
  throw new Error(`no days: "${text}"`);
};

const days = (text: string): Means => {
  const [, week = '', month] = /^(.+), if it is (.+)$/.exec(text) ?? [];
  if (month) {
    const [inWeek, inMonth] = [dayList(week), dayList(month)];
    return (clock) => inWeek(clock) && inMonth(clock);
  }
  const parts = text.split(', and on ').map(dayList);
  return (clock) => parts.some((means) => means(clock));
};

const minutesPast = (text: string) => valuesIn(/^at (.+) past the hour$/.exec(text)?.[1] ?? 'none', Number);

const timePhrases: [RegExp, (found: string[]) => Means][] = [
  [/^every minute$/, () => () => true],
  [
    /^every (?:(\d+) )?minutes?(?: from (\d\d:\d\d) to (\d\d:\d\d)|, from (\d+) past the hour)?$/,
    ([, step = '1', from = '00:00', to = '23:59', past]) => {
      const [first, last] = [clockTime(from) + Number(past ?? 0), clockTime(to)];
      return (clock) => {
        const at = minuteOfDay(clock);
        return at >= first && at <= last && (at - first) % Number(step) === 0;
      };
    },
  ],
  [
    /^every hour(?: from (\d\d):00 to (\d\d):59)?, (.+)$/,
    ([, from = '0', to = '23', past = '']) => {
      const listed = minutesPast(past);
      return ({ hour, minute }) => hour >= Number(from) && hour <= Number(to) && listed.includes(minute);
    },
  ],
  [
    /^every (\d+) hours from (\d\d):00, (.+)$/,
    ([, step, from, past = '']) => {
      const listed = minutesPast(past);
      return ({ hour, minute }) =>
        hour >= Number(from) && (hour - Number(from)) % Number(step) === 0 && listed.includes(minute);
    },
  ],
  [
    /^(?:every day )?at (\d\d:\d\d(?:(?:, | and )\d\d:\d\d)*)$/,
    ([, times = '']) => {
      const listed = times.split(/, | and /).map(clockTime);
      return (clock) => listed.includes(minuteOfDay(clock));
    },
  ],
];

/** The minutes that a sentence means. @throws Error for one that is not understood */
export const meaningOf = (sentence: string): Means => {
  const text = (sentence.charAt(0).toLowerCase() + sentence.slice(1)).replace(
    'on the hour',
    'at 0 past the hour',
  );
  const [, beforeMonths = text, months] = /^(.+), in ([A-Z].+)$/.exec(text) ?? [];
  const [, times = beforeMonths, on] = /^(.+?) on (.+)$/.exec(beforeMonths) ?? [];
  const inTime = phrase(times, timePhrases);
  if (!inTime) throw new Error(`no times: "${times}" of "${sentence}"`);
  const onDays = on ? days(on) : () => true;
  const listed = months ? valuesIn(months, known(MONTHS, 1)) : undefined;
  return (clock) => inTime(clock) && onDays(clock) && (listed?.includes(clock.month) ?? true);
};
