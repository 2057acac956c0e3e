import { h, newId } from './dom.client.js';

const day = 86_400;

/** What a chart may show, and since how many seconds. @type {Record<string, [string, number]>} */
const ranges = {
  newest: ['Newest runs', 0],
  '24h': ['24 hours', day],
  '7d': ['7 days', 7 * day],
  '30d': ['30 days', 30 * day],
  '1y': ['1 year', 365 * day],
  all: ['All', Number.POSITIVE_INFINITY],
};

/** One that there is. @param {string | null} name */
export const rangeOf = (name) => (name !== null && Object.hasOwn(ranges, name) ? name : 'newest');

/** When it begins, in seconds; undefined: with the oldest that is here. @param {string} name */
export const beginOf = (name) => {
  const [, seconds] = /** @type {[string, number]} */ (ranges[name]);
  return seconds === 0 ? undefined : Math.max(0, Date.now() / 1000 - seconds);
};

/** @param {(name: string) => void} choose */
export const rangeChooser = (choose) => {
  const id = newId();
  const select = h(
    'select',
    { id, onchange: () => choose(select.value) },
    Object.entries(ranges).map(([value, [word]]) => h('option', { value }, word)),
  );
  return { element: h('div', { class: 'chooser' }, h('label', { for: id }, 'Time'), select), select };
};
