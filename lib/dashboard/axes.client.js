import { duration } from './format.client.js';

const leastSpan = 0.05;
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

/** @param {any} _ @param {number | null} low @param {number | null} high @returns {[number, number]} */
export const accuracyRange = (_, low, high) => {
  if (low === null || high === null) return [0, 1];
  const span = Math.max((high - low) * 1.3, leastSpan);
  const middle = (low + high) / 2;
  return [middle - span / 2, middle + span / 2];
};

/** @param {number} hours */
export const ageText = (hours) => (hours === 0 ? '0' : duration(hours * hour));

/** No label beyond what an accuracy can be. @param {any} _ @param {number[]} splits */
export const percentLabels = (_, splits) =>
  splits.map((split) => (split < -1e-9 || split > 1 + 1e-9 ? '' : `${+(split * 100).toFixed(2)} %`));
