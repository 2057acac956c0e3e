import { CronExpressionParser } from 'cron-parser';
import { memoize } from '../../runtime/memoize';

/** What is wrong with a cron expression and what would be right, in words for its author. */
export class CronError extends Error {
  override readonly name = 'CronError';
}

interface Field {
  readonly name: string;
  readonly key: 'minute' | 'hour' | 'dayOfMonth' | 'month' | 'dayOfWeek';
  readonly min: number;
  readonly max: number;
  readonly firstName: number;
  readonly names: readonly string[];
  /** Items beyond crontab(5): the last day (L), the last Friday (5L), the second Friday (5#2) and so on. */
  readonly special?: RegExp;
  readonly hint?: string;
  /** Such items of other fields. */
  readonly elsewhere?: RegExp;
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
export const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

/** Of a month: its last day, the third before it, its last weekday (Monday to Friday), the weekday nearest to the 15th. */
const DAY_MARK = /^(?:L(?:-(?:[1-9]|[12]\d|30))?|LW|(?:0?[1-9]|[12]\d|3[01])W)$/;

const unnamed = { firstName: 0, names: [] };
const FIELDS: readonly Field[] = [
  { name: 'minute', key: 'minute', min: 0, max: 59, ...unnamed },
  { name: 'hour', key: 'hour', min: 0, max: 23, ...unnamed },
  {
    name: 'day-of-month',
    key: 'dayOfMonth',
    min: 1,
    max: 31,
    ...unnamed,
    special: DAY_MARK,
    hint: 'or L, L-3, LW or 15W',
    elsewhere: /\dL$|#/,
  },
  { name: 'month', key: 'month', min: 1, max: 12, firstName: 1, names: MONTHS },
  {
    name: 'day-of-week',
    key: 'dayOfWeek',
    min: 0,
    max: 7,
    firstName: 0,
    names: WEEKDAYS,
    special: /^([0-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5])$/,
    hint: 'or 5L or 5#2',
    elsewhere: /^L|W$/,
  },
];

/** The values a field names: numbers, and special items, those of weekdays as cron-parser spells them. */
export interface FieldValues {
  readonly values: ReadonlySet<number | string>;
  /** The field starts with `*` (or is `?`), which is what crontab(5) asks to combine the two day fields. */
  readonly star: boolean;
}

export function parseField(position: number, text: string): FieldValues {
  const field = FIELDS[position] as Field;
  if (text === '?') {
    if (!field.special) throw new CronError(`${field.name}: ? stands for any day only; write *`);
    return parseField(position, '*');
  }
  const values = new Set<number | string>();
  const items = text.toUpperCase().split(',');
  for (const item of items) {
    if (field.special?.test(item)) {
      if (item.includes('#') && items.length > 1) {
        throw new CronError(`${field.name}: ${item} must stand alone, a list with # is not supported`);
      }
    } else {
      checkItem(field, item);
    }
    if (DAY_MARK.test(item)) values.add(item.replace(/^0/, ''));
    else for (const value of readItem(`${position} ${item}`)) values.add(value);
  }
  return { values, star: text.startsWith('*') };
}

const KNOWN_WHERE =
  'L, L-3, LW and 15W are days of the month, 5L and 5#2 the last and the second Friday as days of the week';

/** What crontab(5) refuses and cron-parser takes: most of it are typing errors that would run at odd times. */
function checkItem(field: Field, item: string) {
  const refuse = (problem: string) => new CronError(`${field.name}: ${problem}`);
  if (item === '') throw refuse('an item of the list is empty; write for example 1,2');
  if (/^H(?![A-Z])/.test(item))
    throw refuse('H (a random time, from Jenkins) is not supported; write a value');
  if ((field.elsewhere ?? /^L|\dL$|W$|#/).test(item)) {
    throw refuse(`"${item}" is not known here; ${KNOWN_WHERE}`);
  }
  if (item.includes('~')) throw refuse('~ (a random time, from cronie) is not supported; write a value');
  const parts = /^(?:\*|([A-Z]+|\d+)(?:-([A-Z]+|\d+))?)(?:\/(\d+))?$/.exec(item);
  if (!parts) {
    const hint = field.hint ? ` ${field.hint}` : '';
    throw refuse(`"${item}" is not a value, range or step; write for example 3, 1-5, 1,5, */2${hint}`);
  }
  const [, from, to, step] = parts;
  const low = from === undefined ? field.min : numberOf(field, from);
  const high = to === undefined ? field.max : numberOf(field, to);
  if (low > high) throw refuse(`range ${from}-${to} runs backwards; write ${forwards(field, low, high)}`);
  if (step === undefined) return;
  if (Number(step) === 0) throw refuse('step 0 never moves on; a step is at least 1');
  // One whole round (*/60, */24) is the most a step can mean; Sunday is both 0 and 7.
  const round = field.key === 'dayOfWeek' ? 7 : field.max - field.min + 1;
  if (Number(step) > round) throw refuse(`step ${step} is beyond the range ${field.min}-${field.max}`);
}

function numberOf(field: Field, text: string): number {
  const { name, min, max, names, firstName } = field;
  if (/^\d+$/.test(text)) {
    if (Number(text) >= min && Number(text) <= max) return Number(text);
    throw new CronError(`${name}: ${text} is beyond the range ${min}-${max}`);
  }
  if (names.includes(text)) return names.indexOf(text) + firstName;
  const wanted = names.length > 0 ? `${names[0]}-${names.at(-1)} or ${min}-${max}` : `${min}-${max}`;
  throw new CronError(`${name}: "${text}" is unknown; write ${wanted}`);
}

function forwards(field: Field, low: number, high: number): string {
  const last = field.key === 'dayOfWeek' ? 6 : field.max;
  if (low > last) return `${field.min}-${high}`;
  const range = (from: number, to: number) => (from === to ? `${from}` : `${from}-${to}`);
  return `${range(low, last)},${range(field.min, high)}`;
}

/** One item at a time, because cron-parser refuses lists that name a value twice (`1,1` or `0,7`). */
const readItem = memoize(1000, (positionAndItem: string): (number | string)[] => {
  const [position, item] = positionAndItem.split(' ');
  const field = FIELDS[Number(position)] as Field;
  const atoms = FIELDS.map((other) => (other === field ? item : '*'));
  const { fields } = CronExpressionParser.parse(atoms.join(' '));
  const values: readonly (number | string)[] = fields[field.key].values;
  if (field.key !== 'dayOfWeek') return [...values];
  const nth = fields.dayOfWeek.nthDay;
  return values.map((value) => {
    const weekday = Number.parseInt(`${value}`, 10) % 7;
    if (nth > 0) return `${weekday}#${nth}`;
    return typeof value === 'string' ? `${weekday}L` : weekday;
  });
});
