import { h } from './dom.client.js';
import { duration, exact, exactInBoth } from './format.client.js';
import { valueText } from './metrics.client.js';
import { badge } from './status.client.js';

/** @param {string | null} time @param {string} zone */
const timeText = (time, zone) =>
  time === null ? '–' : h('time', { datetime: time, title: exactInBoth(time, zone) }, exact(time));

/** @param {any} run */
const tookText = (run) => duration(Math.max(0, Date.parse(run.computed_at) - Date.parse(run.started_at)));

/** @type {Record<string, string>} */
const startedBy = { schedule: 'Schedule', manual: 'Hand', backfill: 'Backfill' };

/** @param {string} key @param {any} run @param {string} zone */
const rowOf = (key, run, zone) => {
  const cell = (/** @type {string} */ label, /** @type {string} */ kind, /** @type {any[]} */ ...children) =>
    h('td', { role: 'cell', 'data-label': label, class: kind }, ...children);
  const age = run.data_timestamp && Date.parse(run.scheduled_time) - Date.parse(run.data_timestamp);
  return h(
    'tr',
    { role: 'row' },
    h('th', { role: 'rowheader', scope: 'row', class: 'when' }, timeText(run.scheduled_time, zone)),
    cell(
      'Status',
      'state',
      badge(run.status),
      run.error !== null && h('span', { class: 'error-full' }, run.error),
      run.undefined[key] && h('span', { class: 'error-full' }, run.undefined[key]),
    ),
    cell(key, 'number strong', valueText(key, run.metrics[key])),
    cell('Samples', 'number', run.n_samples === null ? '–' : run.n_samples.toLocaleString('en')),
    cell(
      'Data from',
      'when',
      timeText(run.data_timestamp, zone),
      typeof age === 'number' && age > 0 && h('span', { class: 'soft' }, `${duration(age)} old`),
    ),
    cell('Took', 'number', run.status === 'missed' ? '–' : tookText(run)),
    cell('Started by', '', run.status === 'missed' ? '–' : startedBy[run.trigger]),
  );
};

/** @param {string} key of the metric @param {any[]} runs newest first @param {string} zone */
export const runsTable = (key, runs, zone) => {
  const columns = ['Due time', 'Status', key, 'Samples', 'Data from', 'Took', 'Started by'];
  const numbers = new Set([key, 'Samples', 'Took']);
  return h(
    'table',
    { class: 'runs', role: 'table', 'aria-labelledby': 'runs-title' },
    h(
      'thead',
      { role: 'rowgroup' },
      h(
        'tr',
        { role: 'row' },
        columns.map((title) =>
          h('th', { role: 'columnheader', scope: 'col', class: numbers.has(title) ? 'number' : '' }, title),
        ),
      ),
    ),
    h(
      'tbody',
      { role: 'rowgroup' },
      runs.map((run) => rowOf(key, run, zone)),
    ),
  );
};
