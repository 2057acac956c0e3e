import { duration } from './format.client.js';
import { isShare, number } from './metrics.client.js';

const hour = 3_600_000;
const day = 86_400;

/** uPlot's labels of a time axis, in the viewer's zone, with 24 hours. */
export const timeLabels = [
  [31_536_000, '{YYYY}', null, null, null, null, null, null, 1],
  [day * 28, '{MMM}', '\n{YYYY}', null, null, null, null, null, 1],
  [day, '{D} {MMM}', '\n{YYYY}', null, null, null, null, null, 1],
  [60, '{HH}:{mm}', '\n{D} {MMM}', null, '\n{D} {MMM}', null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', '\n{D} {MMM}', null, '\n{D} {MMM}', null, null, null, 1],
];

/** A smaller span is drawn as if it were this, so that noise does not look like a cliff. @param {string} key @param {number} middle */
export const leastSpan = (key, middle) => (isShare(key) ? 0.05 : Math.abs(middle) * 0.05 || 1);

/**
 * The values with their intervals; what they are compared with too, unless it is so far off that they would look flat.
 * @param {string} key
 * @param {(number | null)[]} others
 * @returns {(plot: any, low: number | null, high: number | null) => [number, number]}
 */
export const valueRange = (key, others) => (_, low, high) => {
  if (low === null || high === null) return [0, 1];
  const reach = 1.5 * Math.max(high - low, leastSpan(key, (low + high) / 2));
  const near = others.filter((value) => value !== null && value >= low - reach && value <= high + reach);
  const all = /** @type {number[]} */ ([low, high, ...near]);
  const [from, to] = [Math.min(...all), Math.max(...all)];
  const middle = (from + to) / 2;
  const span = Math.max((to - from) * 1.3, leastSpan(key, middle));
  return [middle - span / 2, middle + span / 2];
};

/** @param {number} hours */
export const ageText = (hours) => (hours === 0 ? '0' : duration(hours * hour));

/** No label beyond what a share can be. @param {number} split */
const percentLabel = (split) => (split < -1e-9 || split > 1 + 1e-9 ? '' : `${+(split * 100).toFixed(2)} %`);

/** @param {string} key @returns {(plot: any, splits: number[]) => string[]} */
export const valueLabels = (key) => (_, splits) => splits.map(isShare(key) ? percentLabel : number);
