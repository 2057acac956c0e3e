import { h } from './dom.client.js';
import { exactInBoth, percent, points, relativeTime } from './format.client.js';

/** One fact of the newest run. @param {string} name @param {...any} value */
const fact = (name, ...value) => h('div', { class: 'fact' }, h('dt', {}, name), h('dd', {}, ...value));

/** The newest run in figures. @param {any} result @param {any[]} runs newest first @param {string} zone */
export const factsOf = (result, [newest, before], zone) => {
  const change =
    newest && before && newest.accuracy !== null && before.accuracy !== null
      ? newest.accuracy - before.accuracy
      : null;
  const moment = (/** @type {string | null} */ time) =>
    time === null
      ? ['–']
      : [relativeTime(time, zone), h('span', { class: 'soft lines' }, exactInBoth(time, zone))];
  return [
    fact(
      'Accuracy',
      h('span', { class: 'big' }, percent(result.accuracy)),
      change !== null && h('span', { class: 'soft' }, `${points(change)} pp against the run before`),
    ),
    fact('Samples', h('span', { class: 'medium' }, result.n_samples?.toLocaleString('en') ?? '–')),
    fact('Data from', ...moment(result.data_timestamp)),
    fact('Last run', ...moment(result.scheduled_time)),
    fact('Next run', ...moment(result.next_run_at)),
    result.error !== null &&
      h(
        'div',
        { class: 'fact wide error-box' },
        h('dt', {}, 'What is wrong with the data'),
        h('dd', {}, result.error),
      ),
  ];
};
