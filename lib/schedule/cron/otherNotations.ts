import { WEEKDAYS } from './field';

/** What is wrong with a five-field expression; undefined for a good one. */
type ProblemOf = (expression: string) => string | undefined;

type Reading = (text: string, problemOf: ProblemOf) => string | undefined;

/** What to write instead; or, if that is wrong too, why. */
const instead = (expression: string, problemOf: ProblemOf): string => {
  const problem = problemOf(expression);
  return problem === undefined ? `write "${expression}"` : `without that it is "${expression}": ${problem}`;
};

const isGood = (expression: string, problemOf: ProblemOf) => problemOf(expression) === undefined;

const inQuotes: Reading = (text, problemOf) => {
  const [, inner] = /^["'`\u201c\u201d\u201e\u2018\u2019](.+)["'`\u201c\u201d\u2018\u2019]$/.exec(text) ?? [];
  return inner && `it has quotes around it; ${instead(inner.trim(), problemOf)}`;
};

/** As in a Kubernetes manifest or a GitHub workflow. */
const afterKey: Reading = (text, problemOf) => {
  const [, key, rest] = /^-?\s*(cron|schedule|cron_expression):\s*["']?(.+?)["']?$/i.exec(text) ?? [];
  return key && rest && `"${key}:" is no part of it; ${instead(rest, problemOf)}`;
};

const afterZone: Reading = (text, problemOf) => {
  const [, name, zone, rest] = /^(CRON_TZ|TZ)=(\S+)\s+(.+)$/i.exec(text) ?? [];
  if (!name || !rest) return undefined;
  return `${name}= is no part of it; ${instead(rest, problemOf)} and "timezone": "${zone}"`;
};

const at: Reading = (text) =>
  /^at\(/i.test(text)
    ? 'at(...) is due once; a schedule repeats. To run a model now: POST /schedule/{model_id}/run'
    : undefined;

const PERIODS: Readonly<Record<string, { name: string; of: number; everyOne: string; every: string }>> = {
  m: { name: 'minutes', of: 60, everyOne: '* * * * *', every: '*/n * * * *' },
  h: { name: 'hours', of: 24, everyOne: '0 * * * *', every: '0 */n * * *' },
  d: { name: 'days', of: 1, everyOne: '0 0 * * *', every: '' },
};

/** `rate(5 minutes)` of AWS, `@every 5m` of Go, and plain words. */
const everyPeriod: Reading = (text) => {
  const form = /^(?:rate\(\s*|@?every\s+)(\d+)?\s*(minute|hour|day|m|h|d)\w*\s*\)?$/i;
  const [, digits = '1', unit = ''] = form.exec(text) ?? [];
  const period = PERIODS[unit.charAt(0).toLowerCase()];
  if (!period) return undefined;
  const { name, of, everyOne, every } = period;
  const n = Number(digits);
  if (n === 1) return `five fields are wanted; write "${everyOne}"`;
  if (n > 1 && n < of && of % n === 0) {
    return `five fields are wanted; write "${every.replace('n', String(n))}"`;
  }
  const hint = every && `: a number of ${name} that divides ${of} can, such as "${every.replace('n', '6')}"`;
  return `no five fields mean every ${n} ${name}${hint}`;
};

/** In AWS, and in Quartz, Sunday is 1; in crontab(5) it is 0. */
const namedWeekdays = (field: string) =>
  field.toUpperCase() === 'L'
    ? 'SAT'
    : field.replace(/(?<![#/\w])[1-7](?!\d)/g, (day) => WEEKDAYS[Number(day) - 1] as string);

const fiveOf = ([minute, hour, day, month, weekday]: string[]) =>
  [minute, hour, day, month, namedWeekdays(weekday ?? '*')]
    .map((field) => (field === '?' ? '*' : field))
    .join(' ');

const isYear = (field: string) => /^[12]\d{3}/.test(field);

/** The six fields of AWS, minutes first and the year last. */
const awsFields = (fields: string[], problemOf: ProblemOf): string => {
  const [year = '*'] = fields.slice(5);
  if (isYear(year)) return `the year ${year} is not supported: the other fields would be due every year`;
  return `five fields are wanted, without the year of AWS; ${instead(fiveOf(fields), problemOf)}`;
};

const aws: Reading = (text, problemOf) => {
  const [, inner] = /^cron\(\s*(.*?)\s*\)$/i.exec(text) ?? [];
  if (inner === undefined) return undefined;
  const fields = inner.split(/\s+/);
  const wanted = `five fields are wanted; cron(...) of AWS has six, and this has ${fields.length}`;
  return fields.length === 6 ? awsFields(fields, problemOf) : wanted;
};

/** Six or seven fields that begin with seconds: Quartz, which counts Sunday as 1, and Spring, which counts it as 0. */
const quartz = (fields: string[], problemOf: ProblemOf): string | undefined => {
  const [seconds, ...others] = fields;
  const [minute, hour, day, month, weekday = '*', year = '*'] = others;
  if (seconds !== '0' && seconds !== '00') return undefined;
  if (isYear(year)) return `the year ${year} is not supported: the other fields would be due every year`;
  const expression = fiveOf(others);
  if (!isGood(expression, problemOf)) return undefined;
  if (/(?<![#/])\d/.test(weekday) && fields.length === 6) {
    const five = `${[minute, hour, day, month].join(' ').replace('?', '*')} MON`;
    return `five fields are wanted, without the seconds of Quartz or Spring, which count the weekday ${weekday} differently; name it, as in "${five}"`;
  }
  return `five fields are wanted, without seconds; write "${expression}"`;
};

const CRON_FIELD = /^[\d*?,\-/#LWH~]+$|^(?:[A-Z]{3}(?:[-,#/\dL]|$))+/i;

/** More than five words: a comment, a command as in a crontab, or one or two fields more. */
const moreFields: Reading = (text, problemOf) => {
  const fields = text.split(/[ \t]+/);
  if (fields.length <= 5 || /[\r\n]/.test(text)) return undefined;
  const five = fields.slice(0, 5).join(' ');
  const rest = fields.slice(5).join(' ');
  if (rest.startsWith('#') && isGood(five, problemOf)) return `a comment is no part of it; write "${five}"`;
  if (fields.length <= 7 && fields.every((field) => CRON_FIELD.test(field))) {
    const [, , day, , weekday, year = ''] = fields;
    const isAws = (day === '?') !== (weekday === '?') && (year === '*' || isYear(year));
    return fields.length === 6 && isAws ? awsFields(fields, problemOf) : quartz(fields, problemOf);
  }
  return isGood(five, problemOf) ? `"${rest}" is no part of it; write "${five}"` : undefined;
};

const READINGS = [inQuotes, afterKey, afterZone, at, everyPeriod, aws, moreFields];

/** What to write for a schedule in the notation of another system; undefined if it is in none that we know. */
export const otherNotation: Reading = (text, problemOf) => {
  for (const read of READINGS) {
    const told = read(text, problemOf);
    if (told) return told;
  }
  return undefined;
};
