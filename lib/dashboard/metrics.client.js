import { percent, points } from './format.client.js';

/** Metrics that are parts of a whole: shown in percent, and their changes in percentage points. */
const shares =
  /^(accuracy|balanced_accuracy|precision|recall|f1|fbeta|jaccard|top_k_accuracy|zero_one_loss|hamming_loss)(_|$)/;

/** @param {string} key */
export const isShare = (key) => shares.test(key);

/** Four significant digits. @param {number} value */
export const number = (value) => {
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-4 || size >= 1e7)
      ? value.toExponential(3)
      : value.toLocaleString('en', { maximumSignificantDigits: size >= 1000 ? 7 : 4 });
  return text.replace('-', '−');
};

/** @param {string} key @param {number | null | undefined} value */
export const valueText = (key, value) => {
  if (value === null || value === undefined) return '–';
  return isShare(key) ? percent(value) : number(value);
};

/** @param {string} key @param {number | null | undefined} change */
export const changeText = (key, change) => {
  if (change === null || change === undefined) return '–';
  if (isShare(key)) return `${points(change)} pp`;
  if (change === 0) return '±0';
  return change > 0 ? `+${number(change)}` : number(change);
};

/** @param {string} key @param {[number, number] | null | undefined} interval */
export const intervalText = (key, interval) => {
  if (!interval) return '–';
  const [low, high] = interval.map((value) => valueText(key, value));
  return isShare(key) ? `${low?.replace(' %', '')} to ${high}` : `${low} to ${high}`;
};

/** Of two intervals. @param {boolean | null | undefined} overlap */
export const overlapText = (overlap) =>
  typeof overlap === 'boolean' && (overlap ? 'intervals overlap' : 'intervals do not overlap');

/** @param {string | {name: string}} metric @param {string[]} known */
const keyOf = (metric, known) => {
  if (typeof metric === 'string') return metric;
  const { name, ...params } = metric;
  const key = [name, ...Object.values(params)].join('_');
  return known.includes(name) && !known.includes(key) ? name : key; // a parameter that is as usual is not in the key
};

/**
 * What is asked for now, in that order, and then what earlier runs have.
 * @param {any} schedule
 * @param {string[]} known keys of earlier runs
 */
export const keysOf = (schedule, known) => {
  const asked = (schedule?.metrics ?? []).map((/** @type {any} */ metric) => keyOf(metric, known));
  const keys = /** @type {string[]} */ ([...new Set([...asked, ...known])]);
  return keys.length > 0 ? keys : ['accuracy'];
};
