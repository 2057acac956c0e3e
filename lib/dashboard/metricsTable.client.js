import { h } from './dom.client.js';
import { changeText, intervalText, overlapText, valueText } from './metrics.client.js';

/** @param {string | false | undefined} text */
const reason = (text) => text && h('span', { class: 'reason' }, text);

/**
 * All metrics of the newest run; each name shows that one in the chart.
 * @param {(key: string) => string} addressOf a metric in the chart
 * @param {string[]} keys
 * @param {string} chosen
 * @param {any} result
 */
export const metricsTable = (
  addressOf,
  keys,
  chosen,
  { metrics, intervals, baseline, undefined: reasons, reference },
) => {
  const titles = [
    'Metric',
    'Value',
    '95 % interval',
    'Baseline',
    ...(reference ? ['Reference', 'Difference'] : []),
  ];
  const cell = (/** @type {any} */ ...children) => h('td', { class: 'number' }, ...children);
  const row = (/** @type {string} */ key) =>
    h(
      'tr',
      {},
      h(
        'th',
        { scope: 'row' },
        h(
          'a',
          {
            href: addressOf(key),
            'aria-current': key === chosen ? 'true' : undefined,
          },
          key,
        ),
        reason(reasons[key]),
      ),
      h('td', { class: 'number strong' }, valueText(key, metrics[key])),
      cell(intervalText(key, intervals[key])),
      cell(valueText(key, baseline[key])),
      reference && cell(valueText(key, reference.metrics[key])),
      reference &&
        cell(changeText(key, reference.difference[key]), reason(overlapText(reference.overlaps[key]))),
    );
  return h(
    'table',
    { class: 'plain', 'aria-labelledby': 'metrics-title' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        titles.map((title, at) => h('th', { scope: 'col', class: at > 0 ? 'number' : '' }, title)),
      ),
    ),
    h('tbody', {}, keys.map(row)),
  );
};
