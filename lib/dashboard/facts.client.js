import { h } from './dom.client.js';
import { exactInBoth, relativeTime } from './format.client.js';
import { changeText, intervalText, overlapText, valueText } from './metrics.client.js';

/** One fact of the newest run. @param {string} name @param {...any} value */
const fact = (name, ...value) => h('div', { class: 'fact' }, h('dt', {}, name), h('dd', {}, ...value));

/** A unit stays beside its number. @param {string | false | null | undefined} text */
const soft = (text) => text && h('span', { class: 'soft' }, text.replace(/ (%|pp)/g, '\u00a0$1'));

/** @param {string} kind @param {string} title @param {string[]} lines */
const box = (kind, title, lines) =>
  lines.length > 0 &&
  h(
    'div',
    { class: `fact wide ${kind}` },
    h('dt', {}, title),
    lines.map((line) => h('dd', {}, line)),
  );

/** @param {string} key @param {any} result @param {any[]} runs newest first */
const valueFact = (key, { metrics, intervals, baseline, undefined: reasons }, [newest, before]) => {
  const [now, then] = [newest?.metrics[key], before?.metrics[key]];
  return fact(
    key,
    h('span', { class: 'big' }, valueText(key, metrics[key])),
    soft(intervals[key] && `95 % interval ${intervalText(key, intervals[key])}`),
    soft(typeof baseline[key] === 'number' && `the best constant has ${valueText(key, baseline[key])}`),
    soft(
      typeof now === 'number' &&
        typeof then === 'number' &&
        `${changeText(key, now - then)} against the run before`,
    ),
    soft(reasons[key]),
  );
};

/** @param {string} key @param {any} reference @param {string} zone */
const referenceFact = (key, { scheduled_time, difference, overlaps }, zone) =>
  fact(
    'Against the reference',
    h('span', { class: 'medium' }, changeText(key, difference[key])),
    soft(overlapText(overlaps[key])),
    h('span', { class: 'soft lines' }, exactInBoth(scheduled_time, zone)),
  );

/** The newest run in figures. @param {string} key @param {any} result @param {any[]} runs newest first @param {string} zone */
export const factsOf = (key, result, runs, zone) => {
  const moment = (/** @type {string | null} */ time) =>
    time === null
      ? ['–']
      : [relativeTime(time, zone), h('span', { class: 'soft lines' }, exactInBoth(time, zone))];
  return [
    valueFact(key, result, runs),
    result.reference && referenceFact(key, result.reference, zone),
    fact(
      'Samples',
      h('span', { class: 'medium' }, result.n_samples?.toLocaleString('en') ?? '–'),
      soft(result.n_unlabelled > 0 && `${result.n_unlabelled.toLocaleString('en')} more have no label yet`),
    ),
    fact('Data from', ...moment(result.data_timestamp)),
    fact('Last run', ...moment(result.scheduled_time)),
    fact('Next run', ...moment(result.next_run_at)),
    result.status === 'insufficient_data'
      ? box('wait-box', 'What is missing', [result.error])
      : box('error-box', 'What is wrong with the data', result.error === null ? [] : [result.error]),
    box('hint-box', 'Worth a look', result.hints),
  ];
};
