import { isBuiltIn } from './alerts.client.js';
import { color } from './marks.client.js';

/** A threshold of a rule at each point. @typedef {{name: string, colour: string, values: (number | null)[]}} Threshold */
/** When an alert fired, and when that ended, in seconds. @typedef {{rule: string, colour: string, from: number, to: number | null}} Span */
/** @typedef {import('./marks.client.js').Point} Point */

/** @param {string} severity */
const colourOf = (severity) => (severity === 'critical' ? '--invalid_data' : '--stale');

/** The mean of the runs before each; half of them must have a value. @param {Point[]} points @param {number} last */
const meansBefore = (points, last) => {
  /** @type {(number | null)[]} */
  const seen = [];
  let [sum, count] = [0, 0];
  const move = (/** @type {number | null | undefined} */ value, /** @type {1 | -1} */ sign) => {
    if (typeof value !== 'number') return;
    sum += sign * value;
    count += sign;
  };
  return points.map(({ status, value, backfilled }) => {
    if (status === 'missed' || backfilled) return null;
    const mean = count * 2 >= last ? sum / count : null;
    move(value, 1);
    if (seen.push(value) > last) move(seen[seen.length - last - 1], -1);
    return mean;
  });
};

/** @param {any} rule @param {Point[]} points @param {number | null} reference @returns {(number | null)[]} */
const valuesOf = ({ below, above, by, last }, points, reference) => {
  const against = below ?? above;
  const beyond = (/** @type {number | null} */ base) =>
    base === null ? null : base + (below === undefined ? by : -by);
  if (against === 'baseline') return points.map(({ baseline }) => beyond(baseline));
  if (against === 'mean') return meansBefore(points, last).map(beyond);
  const level = against === 'reference' ? beyond(reference) : against;
  return points.map(() => level);
};

/**
 * The thresholds of the rules about a metric over all samples.
 * @param {any[]} rules
 * @param {string} key
 * @param {Point[]} points oldest first
 * @param {number | null} reference
 * @returns {Threshold[]}
 */
export const thresholdsOf = (rules, key, points, reference) =>
  rules
    .filter(({ definition: { metric, enabled, segment } }) => metric === key && enabled && !segment)
    .map(({ rule, definition }) => ({
      name: rule,
      colour: colourOf(definition.severity),
      values: valuesOf(definition, points, reference),
    }));

/**
 * When alerts about a metric, or about no metric, fired and ended.
 * @param {{rules: any[], notifications: any[]}} alerts the newest notification first
 * @param {string} key
 * @returns {Span[]} oldest first
 */
export const spansOf = ({ rules, notifications }, key) => {
  const about = rules.flatMap(({ rule, definition }) =>
    isBuiltIn(rule) || definition.metric === key ? rule : [],
  );
  /** @type {Map<string, Span>} */
  const spans = new Map();
  for (const { rule, kind, at, facts, severity } of notifications) {
    if (!about.includes(rule)) continue;
    const from = Date.parse(facts.fired_at ?? at) / 1000;
    const to = kind === 'resolved' ? Date.parse(at) / 1000 : (spans.get(`${rule} ${from}`)?.to ?? null);
    spans.set(`${rule} ${from}`, { rule, colour: colourOf(severity), from, to });
  }
  const sorted = [...spans.values()].sort((a, b) => a.from - b.from);
  /** Ended by the next of its rule at the latest: of runs that came late, the end was told late. */
  const endOf = (/** @type {Span} */ { rule, to }, /** @type {number} */ at) => {
    const next = sorted.slice(at + 1).find((other) => other.rule === rule);
    return to !== null && next ? Math.min(to, next.from) : to;
  };
  return sorted.map((span, at) => ({ ...span, to: endOf(span, at) }));
};

/** What alerts did at a run, or between it and the next. @param {Span[]} spans @param {number} time @param {number} next */
export const alertWords = (spans, time, next) =>
  spans.flatMap(({ rule, from, to }) => {
    const began = from >= time && from < next;
    if (to !== null && to >= time && to < next) return began ? `${rule} fired and ended` : `${rule} ended`;
    if (began) return `${rule} fired`;
    return from < time && (to === null || to >= next) ? `${rule} was firing` : [];
  });

/** A strip along the top for as long as an alert fired, with a peak where it began and a bar where it ended. @param {() => Span[]} spans */
export const drawSpans = (spans) => (/** @type {any} */ plot) => {
  const { ctx, bbox, scales } = plot;
  const size = 5 * devicePixelRatio;
  const { min, max } = scales.x;
  ctx.save();
  for (const { colour, from, to } of spans()) {
    const end = to ?? max;
    if (end < min || from > max) continue;
    const [left, right] = [Math.max(from, min), Math.min(end, max)].map((time) =>
      plot.valToPos(time, 'x', true),
    );
    ctx.fillStyle = color(colour);
    ctx.fillRect(left, bbox.top, Math.max(1, right - left), size / 2);
    if (to !== null && to <= max) ctx.fillRect(right - size / 4, bbox.top, size / 2, size * 2);
    if (from < min) continue;
    ctx.beginPath();
    ctx.moveTo(left - size, bbox.top);
    ctx.lineTo(left + size, bbox.top);
    ctx.lineTo(left, bbox.top + 2 * size);
    ctx.fill();
  }
  ctx.restore();
};
