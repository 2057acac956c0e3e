import { fill, h } from './dom.client.js';
import { intervalText, valueText } from './metrics.client.js';

/** Metrics of which less is better. */
const costs = /^(?!d2_).*(error|loss|deviance|brier)/;

/** Worst first; those without a number last. @param {string} key @param {any[]} segments */
const worstFirst = (key, segments) => {
  const sign = costs.test(key) ? -1 : 1;
  const rank = (/** @type {any} */ one) => {
    const value = one.metrics[key];
    return typeof value === 'number' ? sign * value : Number.POSITIVE_INFINITY;
  };
  return [...segments].sort((a, b) => rank(a) - rank(b) || b.n_predictions - a.n_predictions);
};

/** A metric by the values of the segments. @param {string} key @param {any[]} segments */
const segmentsTable = (key, segments) =>
  h(
    'table',
    { class: 'plain', 'aria-labelledby': 'segments-title' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ['Segment', key, '95 % interval', 'Labelled', 'Predictions'].map((title, at) =>
          h('th', { scope: 'col', class: at > 0 ? 'number' : '' }, title),
        ),
      ),
    ),
    h(
      'tbody',
      {},
      worstFirst(key, segments).map((one) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, `${one.segment} ${one.value ?? '(all others)'}`),
          h('td', { class: 'number strong' }, valueText(key, one.metrics[key])),
          h('td', { class: 'number' }, intervalText(key, one.intervals[key])),
          h('td', { class: 'number' }, one.n_samples.toLocaleString('en')),
          h('td', { class: 'number' }, one.n_predictions.toLocaleString('en')),
        ),
      ),
    ),
  );

/** A card with them, if there are any. */
export const segmentsCard = () => {
  const title = 'Segments, the worst first';
  const box = h('div', { class: 'plain-box', tabindex: '0', role: 'group', 'aria-label': title });
  const element = h(
    'section',
    { class: 'card', 'aria-labelledby': 'segments-title', hidden: true },
    h('h2', { id: 'segments-title' }, title),
    box,
  );
  return {
    element,
    /** @param {string} key @param {any[]} segments */
    show: (key, segments) => {
      element.hidden = segments.length === 0;
      fill(box, segments.length > 0 && segmentsTable(key, segments));
    },
  };
};
