import { h } from './dom.client.js';
import { relativeTime } from './format.client.js';
import { changeText, valueText } from './metrics.client.js';
import { sparkline } from './sparkline.client.js';
import { badge } from './status.client.js';

/** Whether a change is for the better. @param {any} model @returns {'' | 'better' | 'worse'} */
const turnOf = ({ change, value, better }) => {
  if (change === null || Math.abs(change) < 0.00005 * Math.max(1, Math.abs(value))) return '';
  return change > 0 === (better === 'higher') ? 'better' : 'worse';
};

/** @param {any} model */
const changeOf = (model) => {
  const turn = turnOf(model);
  return [
    turn && h('span', { class: 'arrow', 'aria-hidden': 'true' }, model.change > 0 ? '▲' : '▼'),
    changeText(model.metric, model.change),
    turn && h('span', { class: 'hidden' }, ` ${turn}`),
  ];
};

/** @param {string[]} tags */
const tagLinks = (tags) =>
  h(
    'span',
    { class: 'tags' },
    tags.map((tag) => h('a', { class: 'tag', href: `#/?${new URLSearchParams({ tag })}` }, tag)),
  );

/** Alerts that fire, but for the one that the status says already. @param {any} model */
const firingText = ({ status, alerts }) => {
  const others = alerts.filter((/** @type {string} */ rule) => rule !== status);
  return others.length > 0 && h('span', { class: 'firing-text' }, `▲ ${others.join(', ')}`);
};

/** The name of a metric, which may go on in the next line after "_". @param {string} name */
const breakable = (name) => name.split(/(?<=_)/).flatMap((part) => [part, h('wbr', {})]);

/** @param {any} model */
const rowOf = (model) => {
  const { model_id, status, metric, value, recent, timezone, words } = model;
  const cell = (/** @type {string} */ label, /** @type {string} */ kind, /** @type {any[]} */ ...children) =>
    h('td', { role: 'cell', 'data-label': label, class: kind }, ...children);
  return h(
    'tr',
    { role: 'row' },
    h(
      'th',
      { role: 'rowheader', scope: 'row', class: 'model' },
      h(
        'a',
        { href: `#/models/${model_id}` },
        model.name,
        h('span', { class: model.name === null ? undefined : 'small-id' }, model_id),
      ),
      model.tags.length > 0 && tagLinks(model.tags),
    ),
    cell(
      'Status',
      'state',
      badge(status),
      model.error !== null && h('span', { class: 'error-text', title: model.error }, model.error),
      firingText(model),
    ),
    cell(
      'Metric',
      'number metric',
      h('span', { class: 'strong' }, valueText(metric, value)),
      h('span', { class: 'key' }, breakable(metric)),
    ),
    cell('Change', `number change ${turnOf(model)}`, ...changeOf(model)),
    cell('Last 30 runs', 'spark', sparkline(metric, recent)),
    cell('Samples', 'number', model.n_samples?.toLocaleString('en') ?? '–'),
    cell('Data from', 'when', relativeTime(model.data_timestamp, timezone)),
    cell('Last run', 'when', relativeTime(model.scheduled_time, timezone)),
    cell('Next run', 'when', relativeTime(model.next_run_at, timezone)),
    cell(
      'Schedule',
      'cron',
      h('span', { class: 'words' }, words ?? model.cron_expression),
      h('span', { class: 'code' }, words === null ? timezone : `${model.cron_expression} · ${timezone}`),
    ),
  );
};

/** Rows by model: one that has not changed is left alone. */
export const rowKeeper = () => {
  /** @type {Map<string, {text: string, row: HTMLElement}>} */
  let kept = new Map();
  return (/** @type {HTMLElement} */ body, /** @type {any[]} */ models) => {
    const focused = document.activeElement?.closest('tr')?.querySelector('a')?.getAttribute('href');
    const next = new Map();
    for (const model of models) {
      const text = JSON.stringify(model);
      const known = kept.get(model.model_id);
      const row = known?.text === text ? known.row : rowOf(model);
      if (known && known.row !== row) row.classList.add('fresh');
      next.set(model.model_id, { text, row });
    }
    kept = next;
    const rows = [...next.values()].map(({ row }) => row);
    const same = rows.length === body.children.length && rows.every((row, at) => row === body.children[at]);
    if (same) return;
    body.replaceChildren(...rows);
    if (focused) /** @type {any} */ (body.querySelector(`a[href="${focused}"]`))?.focus();
  };
};
