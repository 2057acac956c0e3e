// EventBridge Scheduler's cron expression, read a second time from its user guide ("Schedule types", "Cron-based
// schedules") and sharing no code with the first reading: it asks of one moment whether it is meant, and never lists.

interface Moment {
  minute: number;
  hour: number;
  day: number;
  month: number;
  year: number;
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Of a month, from 1 for Sunday to 7 for Saturday, as the guide counts. */
const dayOfWeek = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;

const lengthOf = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

const numberOf = (text: string, names: string[]) =>
  names.includes(text) ? names.indexOf(text) + 1 : Number(text);

/** `*`, a value, a range, or one of them with an increment. */
const meansValue = (item: string, value: number, [first, last]: [number, number], names: string[] = []) => {
  const [base = '', step] = item.split('/');
  if (base === '*') return step === undefined || (value - first) % Number(step) === 0;
  const [low = '', high] = base.split('-');
  const from = numberOf(low, names);
  if (high === undefined && step === undefined) return value === from;
  const to = high === undefined ? last : numberOf(high, names);
  return value >= from && value <= to && (value - from) % Number(step ?? 1) === 0;
};

const isWeekday = (weekday: number) => weekday >= 2 && weekday <= 6;

/** "The W wildcard specifies a weekday: 3W is the weekday closest to the third day of the month." */
const isClosestWeekday = (wanted: number, { year, month, day }: Moment) => {
  const distance = (candidate: number) => Math.abs(candidate - wanted);
  const weekdays = Array.from({ length: lengthOf(year, month) }, (_, n) => n + 1).filter((candidate) =>
    isWeekday(dayOfWeek(year, month, candidate)),
  );
  return day === weekdays.reduce((best, one) => (distance(one) < distance(best) ? one : best));
};

const meansDayOfMonth = (item: string, moment: Moment) => {
  const length = lengthOf(moment.year, moment.month);
  if (item === 'L') return moment.day === length;
  if (item === 'LW') return isClosestWeekday(length, moment);
  if (item.startsWith('L-')) return moment.day === length - Number(item.slice(2));
  if (item.endsWith('W')) {
    const wanted = Number(item.slice(0, -1));
    return wanted <= length && isClosestWeekday(wanted, moment);
  }
  return meansValue(item, moment.day, [1, 31]);
};

const meansDayOfWeek = (item: string, { year, month, day }: Moment) => {
  const weekday = dayOfWeek(year, month, day);
  const [wanted = '', nth] = item.split('#');
  if (nth !== undefined)
    return weekday === numberOf(wanted, dayNames) && Math.floor((day - 1) / 7) + 1 === Number(nth);
  if (item === 'L') return weekday === 7;
  if (item.endsWith('L')) {
    return weekday === numberOf(item.slice(0, -1), dayNames) && day + 7 > lengthOf(year, month);
  }
  return meansValue(item, weekday, [1, 7], dayNames);
};

const any = (field: string, means: (item: string) => boolean) => field.split(',').some(means);

/** Whether the six fields, or five without the year, mean the minute that an instant is in, in UTC. */
export const isMeant = (fields: string, instant: Date): boolean => {
  const [minutes = '', hours = '', days = '', months = '', weekdays = '', years = '*'] = fields.split(' ');
  const moment: Moment = {
    minute: instant.getUTCMinutes(),
    hour: instant.getUTCHours(),
    day: instant.getUTCDate(),
    month: instant.getUTCMonth() + 1,
    year: instant.getUTCFullYear(),
  };
  return (
    any(minutes, (item) => meansValue(item, moment.minute, [0, 59])) &&
    any(hours, (item) => meansValue(item, moment.hour, [0, 23])) &&
    any(months, (item) => meansValue(item, moment.month, [1, 12], monthNames)) &&
    any(years, (item) => meansValue(item, moment.year, [1970, 2199])) &&
    (days === '?' || any(days, (item) => meansDayOfMonth(item, moment))) &&
    (weekdays === '?' || any(weekdays, (item) => meansDayOfWeek(item, moment)))
  );
};
