import { h } from './dom.client.js';

/** @typedef {'invalid_data' | 'stale' | 'insufficient_data' | 'no_data' | 'pending' | 'ok' | 'paused'} Status */

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
  insufficient_data: {
    word: 'No labels yet',
    meaning: 'None of the samples has its true label yet',
    shape: 'M3 3h10v10H3Z',
    filled: false,
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
    meaning: 'The newest run could score its data',
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
export const missed = {
  word: 'Missed',
  meaning: 'The run did not come in time',
  shape: 'M3 3l10 10M13 3 3 13',
  filled: false,
};

export const order = /** @type {Status[]} */ (Object.keys(statuses));

/** @param {string} kind what colours it @param {{word: string, meaning: string, shape: string, filled: boolean}} look */
const mark = (kind, { word, meaning, shape, filled }) =>
  h(
    'span',
    { class: `status ${kind}`, title: meaning },
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

/** A status as a shape, a colour and a word. @param {Status | 'missed'} status */
export const badge = (status) => mark(status, status === 'missed' ? missed : statuses[status]);

/** How an alert stands. @param {{state: 'firing' | 'pending' | 'ok', severity: string}} alert */
export const alertBadge = ({ state, severity }) => {
  if (state === 'ok') return mark('ok', { ...statuses.ok, meaning: 'Within its rule' });
  const [word, meaning] =
    state === 'firing'
      ? [severity === 'critical' ? 'Critical' : 'Warning', 'Beyond its rule']
      : ['Pending', 'Beyond its rule, in too few runs yet'];
  const look = statuses[severity === 'critical' ? 'invalid_data' : 'stale'];
  const kind = state === 'pending' ? 'pending' : severity === 'critical' ? 'invalid_data' : 'stale';
  return mark(kind, { ...look, word, meaning, filled: state === 'firing' });
};
