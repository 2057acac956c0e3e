import type { Notice } from '../channels/channel';
import type { Rule } from './rule';

/** What was known when an alert began or ceased to fire. */
export interface Facts {
  rule: Rule;
  fired_at: string | null;
  value?: number;
  low?: number;
  high?: number;
  threshold?: number;
  n_samples?: number;
  broken?: number;
  error?: string;
  /** The rule is gone, or off. */
  removed?: true;
  missed_at?: string;
  data_timestamp?: string;
  max_data_age_minutes?: number;
}

/** A row of takeDeliveries.sql. */
export interface Notification {
  id: number;
  attempts: number;
  alert_id: number;
  model_id: string;
  name: string | null;
  rule: string;
  kind: 'firing' | 'resolved';
  severity: 'warning' | 'critical';
  at: Date;
  facts: Facts;
}

const text = (value: number) => String(Number(value.toPrecision(4)));

const units: [string, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** In the largest unit of which there are two, or in seconds. */
export const durationText = (seconds: number): string => {
  const [unit, size] = units.find(([, size]) => seconds >= 2 * size) ?? ['second', 1];
  const count = Math.round(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
};

const utc = (time: string | Date) =>
  new Date(time)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');

/** The condition in words: "f1_macro below 0.8". */
const conditionText = (rule: Rule): string => {
  const side = rule.below === undefined ? 'above' : 'below';
  const against = rule[side];
  const bound = typeof against === 'string' ? `the ${against} by ${rule.by}` : String(against);
  const last = against === 'mean' ? ` (of the last ${rule.last} runs)` : '';
  const segment = Object.entries(rule.segment ?? {}).map(
    ([key, value]) => ` where ${key} is ${value ?? 'another'}`,
  );
  const sure = rule.sure ? ', the whole interval' : '';
  const { of, at_least } = rule.for;
  return `${rule.metric}${segment} ${side} ${bound}${last}${sure}${of > 1 ? `, in ${at_least} of ${of} runs` : ''}`;
};

/** Of the rules that every model has. */
const what = new Map([
  ['missed', { bad: 'has missed a due time', good: 'runs in time again' }],
  ['invalid_data', { bad: 'has invalid data', good: 'has valid data again' }],
  ['stale_data', { bad: 'has stale data', good: 'has new data again' }],
]);

const titleOf = ({ kind, rule, name, model_id, severity, facts }: Notification): string => {
  const model = name ?? model_id;
  const told = what.get(rule);
  if (facts.removed) return `OK: ${model} has no rule "${rule}" any more`;
  if (told)
    return kind === 'firing'
      ? `${severity.toUpperCase()}: ${model} ${told.bad}`
      : `OK: ${model} ${told.good}`;
  const { metric } = facts.rule;
  const value = facts.value === undefined ? 'no value' : text(facts.value);
  return kind === 'firing'
    ? `${severity.toUpperCase()}: ${metric} of ${model} is ${value}`
    : `OK: ${metric} of ${model} is ${value} again`;
};

const interval = ({ low, high }: Facts) =>
  low === undefined || high === undefined ? '' : ` (95 % interval ${text(low)} to ${text(high)})`;

/** What is known, a line each. */
const linesOf = ({ model_id, name, rule, facts, at, kind }: Notification): [string, string][] => {
  const lines: [string, string | false | undefined][] = [
    ['Model', name === null ? model_id : `${name} (${model_id})`],
    ['Rule', what.get(rule) ? rule : `${rule}: ${conditionText(facts.rule)}`],
    ['Value', facts.value !== undefined && `${text(facts.value)}${interval(facts)}`],
    ['Threshold', facts.threshold !== undefined && text(facts.threshold)],
    ['Samples', facts.n_samples !== undefined && String(facts.n_samples)],
    ['Error', facts.error],
    ['Missed', facts.missed_at && utc(facts.missed_at)],
    ['Data from', facts.data_timestamp && utc(facts.data_timestamp)],
    [
      'Data may be as old as',
      facts.max_data_age_minutes !== undefined && durationText(facts.max_data_age_minutes * 60),
    ],
    ['Since', kind === 'firing' && utc(facts.fired_at ?? at)],
    ['Lasted', kind === 'resolved' && facts.fired_at !== null && durationText(secondsOf(facts.fired_at, at))],
  ];
  return lines.filter((line): line is [string, string] => Boolean(line[1]));
};

const secondsOf = (from: string, to: Date) => Math.max(0, (to.getTime() - Date.parse(from)) / 1000);

/** What a receiver is told. @param publicUrl where the page is, or null */
export const noticeOf = (notification: Notification, publicUrl: string | null): Notice => {
  const { id, alert_id, kind, severity, at, facts, model_id, name, rule } = notification;
  const url = publicUrl === null ? null : `${publicUrl.replace(/\/$/, '')}/#/models/${model_id}`;
  const title = titleOf(notification);
  const { rule: condition, fired_at, ...known } = facts;
  const data = {
    id: String(id),
    alert_id: String(alert_id),
    model_id,
    model_name: name,
    rule,
    severity,
    title,
    ...known,
    condition,
    since: fired_at === null ? null : new Date(fired_at).toISOString(),
    lasted_seconds: kind === 'resolved' && fired_at !== null ? Math.round(secondsOf(fired_at, at)) : null,
    url,
  };
  return { id: `cyclic-${id}`, kind, severity, title, lines: linesOf(notification), url, data, at };
};

/** What POST /alerts/test sends. */
export const testNotice = (publicUrl: string | null, now: Date): Notice => ({
  id: `cyclic-test-${now.getTime()}`,
  kind: 'test',
  severity: 'critical',
  title: 'Cyclic Metrics: this is a test',
  lines: [['Sent', utc(now)]],
  url: publicUrl,
  data: { title: 'Cyclic Metrics: this is a test', url: publicUrl },
  at: now,
});
