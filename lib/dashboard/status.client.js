import { h } from './dom.client.js';

/** @typedef {'invalid_data' | 'stale' | 'no_data' | 'pending' | 'ok' | 'paused'} Status */

/** @type {Record<Status, {word: string, meaning: string, shape: string, filled: boolean}>} */
export const statuses = {
  invalid_data: {
    word: 'Invalid data',
    meaning: 'The newest sample row cannot be scored',
    shape: 'M8 1.5 15 14H1Z',
    filled: true,
  },
  stale: {
    word: 'Stale',
    meaning: 'A due time passed without its run',
    shape: 'M3.5 2h9L8 8l4.5 6h-9L8 8Z',
    filled: true,
  },
  no_data: {
    word: 'No data',
    meaning: 'There was no sample row to score',
    shape: 'M8 2.2 13.8 8 8 13.8 2.2 8Z',
    filled: false,
  },
  pending: {
    word: 'Pending',
    meaning: 'Scheduled, but not run yet',
    shape: 'M2 8h.01M8 8h.01M14 8h.01',
    filled: false,
  },
  ok: {
    word: 'OK',
    meaning: 'The newest run found an accuracy',
    shape: 'm2.5 8.5 3.5 4 7.5-9',
    filled: false,
  },
  paused: {
    word: 'Paused',
    meaning: 'Does not run until it is resumed',
    shape: 'M5 3v10M11 3v10',
    filled: false,
  },
};

/** Of a due time, not of a model. */
const missed = {
  word: 'Missed',
  meaning: 'The run did not come in time',
  shape: 'M3 3l10 10M13 3 3 13',
  filled: false,
};

export const order = /** @type {Status[]} */ (Object.keys(statuses));

/** A status as a shape, a colour and a word. @param {Status | 'missed'} status */
export const badge = (status) => {
  const { word, meaning, shape, filled } = status === 'missed' ? missed : statuses[status];
  return h(
    'span',
    { class: `status ${status}`, title: meaning },
    h(
      'svg',
      {
        viewBox: '0 0 16 16',
        width: 14,
        height: 14,
        'aria-hidden': 'true',
        class: filled ? 'filled' : 'open',
      },
      h('path', { d: shape }),
    ),
    word,
  );
};

const [width, height, pad] = [120, 28, 3];
/** A smaller span than this is drawn as if it were this, so that noise does not look like a cliff. */
const leastSpan = 0.05;

/** @param {(number | null)[]} values oldest first */
export const sparkline = (values) => {
  const known = values.flatMap((value) => value ?? []);
  if (known.length === 0) return h('span', { class: 'nothing' }, 'no accuracy yet');
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const middle = (low + high) / 2;
  const span = Math.max(high - low, leastSpan);
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
  const percents = (/** @type {number} */ value) => `${(value * 100).toFixed(1)} %`;
  return h(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      class: 'sparkline',
      role: 'img',
      'aria-label': `Last ${values.length} runs: lowest ${percents(low)}, highest ${percents(high)}`,
    },
    h('path', { d: path }),
    last !== null && last !== undefined && h('circle', { cx: x(values.length - 1), cy: y(last), r: 2.5 }),
  );
};
