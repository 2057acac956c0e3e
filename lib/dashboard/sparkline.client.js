import { leastSpan } from './axes.client.js';
import { h } from './dom.client.js';
import { valueText } from './metrics.client.js';

const [width, height, pad] = [120, 28, 3];
/** @param {string} key of the metric @param {(number | null)[]} values oldest first */
export const sparkline = (key, values) => {
  const known = values.flatMap((value) => value ?? []);
  if (known.length === 0) return h('span', { class: 'nothing' }, 'no value yet');
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const middle = (low + high) / 2;
  const span = Math.max(high - low, leastSpan(key, middle));
  const x = (/** @type {number} */ at) =>
    values.length === 1 ? width / 2 : pad + (at / (values.length - 1)) * (width - 2 * pad);
  const y = (/** @type {number} */ value) => height / 2 - ((value - middle) / span) * (height - 2 * pad);
  const place = (/** @type {number} */ at, /** @type {number} */ value) =>
    `${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
  let path = '';
  values.forEach((value, at) => {
    if (value === null) return;
    const before = at > 0 && values[at - 1] !== null;
    path += `${before ? 'L' : 'M'}${place(at, value)}${before ? '' : 'h.01'}`;
  });
  const last = values.at(-1);
  return h(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      class: 'sparkline',
      role: 'img',
      'aria-label': `Last ${values.length} runs: lowest ${valueText(key, low)}, highest ${valueText(key, high)}`,
    },
    h('path', { d: path }),
    last !== null && last !== undefined && h('circle', { cx: x(values.length - 1), cy: y(last), r: 2.5 }),
  );
};
