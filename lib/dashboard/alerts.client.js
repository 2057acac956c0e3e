import { request } from './api.client.js';
import { curl } from './curl.client.js';
import { fill, h } from './dom.client.js';
import { relativeTime, viewerZone } from './format.client.js';
import { live } from './live.client.js';
import { intervalText, valueText } from './metrics.client.js';
import { alertBadge } from './status.client.js';

const builtIn = /** @type {Record<string, string>} */ ({
  missed: 'a due time has no run',
  invalid_data: 'the newest data cannot be scored',
  stale_data: 'the newest data is too old',
});

/** Whether every model has a rule of this name. @param {string} name */
export const isBuiltIn = (name) => Object.hasOwn(builtIn, name);

/** @param {any} rule */
const boundOf = ({ below, above, by, last }) => {
  const bound = below ?? above;
  const side = below === undefined ? 'above' : 'below';
  const against = bound === 'mean' ? `the mean of ${last} runs` : `the ${bound}`;
  return typeof bound === 'number' ? `${side} ${bound}` : `${side} ${against} by ${by}`;
};

/** A rule in words. @param {string} name @param {any} rule */
export const conditionOf = (name, rule) => {
  const { metric, segment, sure } = rule;
  const { of, at_least } = rule.for;
  const where = Object.entries(segment ?? {}).map(([key, value]) => ` where ${key} is ${value ?? 'another'}`);
  const what = isBuiltIn(name) ? builtIn[name] : `${metric}${where.join('')} ${boundOf(rule)}`;
  return `${what}${sure ? ', the whole interval' : ''}${of > 1 ? `, in ${at_least} of ${of} runs` : ''}`;
};

/** What was seen when it was looked at last. @param {string} key @param {any} facts */
const seen = (key, { value, low, high, threshold, error }) => {
  if (error) return error;
  if (typeof value !== 'number') return '';
  const interval = typeof low === 'number' ? ` (${intervalText(key, [low, high])})` : '';
  return `${valueText(key, value)}${interval}, threshold ${valueText(key, threshold)}`;
};

/** @param {any} alert */
const rowOf = ({ model_id, name, rule, facts, state, severity, since, snoozed_until }) =>
  h(
    'tr',
    {},
    h('th', { scope: 'row' }, h('a', { href: `#/models/${model_id}` }, name ?? model_id)),
    h('td', {}, alertBadge({ state, severity })),
    h('td', {}, rule, isBuiltIn(rule) && h('span', { class: 'reason' }, builtIn[rule])),
    h('td', {}, seen('', facts)),
    h(
      'td',
      {},
      relativeTime(since, viewerZone),
      Date.parse(snoozed_until ?? '') > Date.now() && h('span', { class: 'reason' }, 'snoozed'),
    ),
  );

/** @param {any[]} items */
const tableOf = (items) =>
  h(
    'table',
    { class: 'plain stacked', 'aria-labelledby': 'alerts-title' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ['Model', 'State', 'Rule', 'Seen', 'Since'].map((title) => h('th', { scope: 'col' }, title)),
      ),
    ),
    h('tbody', {}, items.map(rowOf)),
  );

/** @param {{firing: number, pending: number, ok: number}} counts @param {{waiting: number, dead: number}} deliveries */
const summaryOf = ({ firing, pending, ok }, { waiting, dead }) =>
  [
    `${firing} firing, ${pending} pending, ${ok} ok again.`,
    waiting > 0 && `${waiting} message${waiting === 1 ? '' : 's'} on the way.`,
    dead > 0 && `${dead} given up: GET /alerts/<model_id> tells why.`,
  ]
    .filter(Boolean)
    .join(' ');

const none = () =>
  h(
    'div',
    { class: 'none' },
    h('p', {}, 'Nothing fires. A rule of your own:'),
    curl('PUT', 'alerts/<model_id>/accuracy-low', { metric: 'accuracy', below: 0.8 }),
  );

/** The alerts of all models: those that fire, the critical ones first, then those that may soon. @param {HTMLElement} main */
export const showAlerts = (main) => {
  const summary = h('p', { class: 'summary', role: 'status' });
  const box = h('div', { class: 'plain-box' });
  fill(
    main,
    h('p', { class: 'back' }, h('a', { href: '#/' }, '← All models')),
    h('div', { class: 'head' }, h('h1', { id: 'alerts-title' }, 'Alerts')),
    summary,
    h('section', { class: 'card', 'aria-labelledby': 'alerts-title' }, box),
  );
  const polling = live(async () => {
    const [firing, pending] = await Promise.all([
      request('GET', 'alerts?limit=100'),
      request('GET', 'alerts?state=pending&limit=100'),
    ]);
    const items = [...firing.body.items, ...pending.body.items];
    fill(summary, summaryOf(firing.body.counts, firing.body.deliveries));
    fill(box, items.length > 0 ? tableOf(items) : none());
  });
  polling.now();
  return { close: polling.stop };
};
