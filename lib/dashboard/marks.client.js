import { h } from './dom.client.js';
import { missed, statuses } from './status.client.js';

/**
 * A run, or a due time that has none, and what it says of one metric.
 * @typedef {{scheduled_time: string, data_timestamp: string | null,
 *   status: 'ok' | 'no_data' | 'invalid_data' | 'insufficient_data' | 'missed',
 *   value: number | null, interval: [number, number] | null, baseline: number | null,
 *   reason: string | undefined, time: number, age: number | null, backfilled: boolean}} Point
 * `time` in seconds since 1970; `age` of its data, in seconds
 */

const undefinedShape = 'M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10Z';

/** @param {any} run @param {string} key @returns {Point} */
export const pointOf = (run, key) => ({
  scheduled_time: run.scheduled_time,
  data_timestamp: run.data_timestamp,
  status: run.status,
  value: run.metrics[key] ?? null,
  interval: run.intervals[key] ?? null,
  baseline: run.baseline[key] ?? null,
  reason: run.undefined[key],
  time: run.time,
  age: run.age,
  backfilled: run.trigger === 'backfill',
});

/** @param {string} name */
export const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Of a point without a value. @param {Point['status']} status */
const shapeOf = (status) => {
  if (status === 'missed') return missed.shape;
  return status === 'ok' ? undefinedShape : statuses[status].shape;
};

/** @param {string} kind @param {boolean} filled @param {Element} shape @param {string} word */
const item = (kind, filled, shape, word) =>
  h(
    'span',
    { class: `status ${kind}` },
    h(
      'svg',
      {
        viewBox: '0 0 16 16',
        width: 12,
        height: 12,
        'aria-hidden': 'true',
        class: filled ? 'filled' : 'open',
      },
      shape,
    ),
    word,
  );

/** @param {Point['status']} status */
const statusItem = (status) =>
  item(
    status,
    status === 'invalid_data',
    h('path', { d: shapeOf(status) }),
    (status === 'missed' ? missed : statuses[status]).word,
  );

const order = /** @type {const} */ (['invalid_data', 'insufficient_data', 'no_data', 'missed']);

/** What these points have, and nothing else. @param {import('./plots.client.js').Shown} shown */
export const legend = ({ points, reference, thresholds, spans }) => {
  const line = () => h('path', { d: 'M0 8h4M6 8h4M12 8h4' });
  return [
    item('ok', true, h('circle', { cx: 8, cy: 8, r: 5 }), 'OK'),
    ...order.filter((status) => points.some((point) => point.status === status)).map(statusItem),
    points.some(({ status, value }) => status === 'ok' && value === null) &&
      item('ok', false, h('path', { d: undefinedShape }), 'Undefined'),
    points.some(({ interval }) => interval) &&
      item('band', true, h('path', { d: 'M0 2h16v12H0Z' }), '95 % interval'),
    points.some(({ baseline }) => baseline !== null) && item('baseline', false, line(), 'Baseline'),
    reference !== null && item('reference', false, line(), 'Reference'),
    ...thresholds.map(({ name, colour }) =>
      item(colour.slice(2), false, h('path', { d: 'M0 8h2M5 8h2M10 8h2M15 8h1' }), `Threshold of ${name}`),
    ),
    spans.length > 0 && item('stale', true, h('path', { d: 'M2 3h12L8 13Z' }), 'Alert fired'),
  ];
};

/** More points in sight are drawn as a line alone. */
const mostMarks = 400;

/**
 * Draws each point in its status's shape; those without a value stand on the floor. An interval that has no neighbour to
 * make a band with is a bar.
 * @param {() => Point[]} drawn
 */
export const drawMarks = (drawn) => (/** @type {any} */ plot) => {
  const { ctx, bbox } = plot;
  const points = drawn();
  const ratio = devicePixelRatio;
  const inView = (/** @type {Point} */ { time }) => time >= plot.scales.x.min && time <= plot.scales.x.max;
  const visible = points.filter(inView).length;
  const size = (visible > 150 ? 2 : visible > 60 ? 3 : 4) * ratio;
  const scale = (0.6 * ratio * (visible > 150 ? 10 : 14)) / 14;
  const colours = new Map([...order, 'ok'].map((status) => [status, color(`--${status}`)]));
  const shapes = new Map(
    [...order, 'ok'].map((status) => [status, new Path2D(shapeOf(/** @type {any} */ (status)))]),
  );
  ctx.save();
  points.forEach((point, at) => {
    if (!inView(point)) return;
    const { time, status, value, interval } = point;
    const x = plot.valToPos(time, 'x', true);
    ctx.fillStyle = ctx.strokeStyle = colours.get(status);
    ctx.lineWidth = 1.75 * ratio;
    if (value !== null) {
      ctx.beginPath();
      ctx.arc(x, plot.valToPos(value, 'y', true), size, 0, 2 * Math.PI);
      if (visible < mostMarks || !(points[at - 1]?.value ?? points[at + 1]?.value)) ctx.fill();
      if (!interval || points[at - 1]?.interval || points[at + 1]?.interval) return;
      ctx.beginPath();
      for (const end of interval) ctx.lineTo(x, plot.valToPos(end, 'y', true));
      ctx.stroke();
      return;
    }
    ctx.setTransform(scale, 0, 0, scale, x - 8 * scale, bbox.top + bbox.height - 18 * scale);
    ctx.lineWidth = 2.5;
    if (status === 'invalid_data') ctx.fill(shapes.get(status));
    else ctx.stroke(shapes.get(status));
    ctx.setTransform(1, 0, 0, 1, 0, 0);
  });
  ctx.restore();
};

/**
 * Names a level line beside its end; one that is out of sight has its name at the edge where it would be.
 * @param {string} name
 * @param {string} colour
 * @param {'left' | 'right' | 'center'} side
 * @param {number | null | undefined} value
 * @param {string} text
 */
export const drawName = (name, colour, side, value, text) => (/** @type {any} */ plot) => {
  if (value === null || value === undefined) return;
  const { ctx, bbox, scales } = plot;
  const ratio = devicePixelRatio;
  const above = value > scales.y.max;
  const below = value < scales.y.min;
  const y = above ? bbox.top : below ? bbox.top + bbox.height : plot.valToPos(value, 'y', true);
  ctx.save();
  ctx.font = `600 ${12 * ratio}px system-ui`;
  ctx.fillStyle = color(colour);
  ctx.strokeStyle = color('--card');
  ctx.lineWidth = 4 * ratio;
  ctx.textAlign = side;
  ctx.textBaseline = above ? 'top' : 'bottom';
  const x = {
    left: bbox.left + 6 * ratio,
    center: bbox.left + bbox.width / 2,
    right: bbox.left + bbox.width - 6 * ratio,
  }[side];
  const label = `${above ? '↑ ' : below ? '↓ ' : ''}${name} ${text}`;
  ctx.strokeText(label, x, y - (above ? -4 : 4) * ratio);
  ctx.fillText(label, x, y - (above ? -4 : 4) * ratio);
  ctx.restore();
};
