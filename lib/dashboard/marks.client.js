import { h } from './dom.client.js';
import { statuses } from './status.client.js';

/**
 * A run, or a due time that has none.
 * @typedef {{scheduled_time: string, status: 'ok' | 'no_data' | 'invalid_data' | 'missed', accuracy: number | null,
 *   data_timestamp: string | null}} Point
 */

const missedShape = 'M3 3l10 10M13 3 3 13';

/** @param {string} name */
export const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** @param {Point['status']} status @param {string} word */
const legendItem = (status, word) =>
  h(
    'span',
    { class: `status ${status}` },
    status === 'ok'
      ? h(
          'svg',
          { viewBox: '0 0 16 16', width: 12, height: 12, 'aria-hidden': 'true', class: 'filled' },
          h('circle', { cx: 8, cy: 8, r: 5 }),
        )
      : h(
          'svg',
          {
            viewBox: '0 0 16 16',
            width: 12,
            height: 12,
            'aria-hidden': 'true',
            class: status === 'invalid_data' ? 'filled' : 'open',
          },
          h('path', { d: status === 'missed' ? missedShape : statuses[status].shape }),
        ),
    word,
  );

export const legend = () =>
  h(
    'div',
    { class: 'legend' },
    legendItem('ok', 'OK'),
    legendItem('invalid_data', 'Invalid data'),
    legendItem('no_data', 'No data'),
    legendItem('missed', 'Missed'),
  );

/** Draws each point in its status's shape; those without an accuracy stand on the floor. @param {() => Point[]} points */
export const drawMarks = (points) => (/** @type {any} */ plot) => {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const all = points();
  const visible = all.filter((_, at) => {
    const time = plot.data[0][at];
    return time >= plot.scales.x.min && time <= plot.scales.x.max;
  });
  const size = (visible.length > 150 ? 2 : visible.length > 60 ? 3 : 4) * ratio;
  ctx.save();
  ctx.lineWidth = 1.75 * ratio;
  for (const { scheduled_time, status, accuracy } of visible) {
    const x = plot.valToPos(Date.parse(scheduled_time) / 1000, 'x', true);
    ctx.fillStyle = ctx.strokeStyle = color(`--${status}`);
    ctx.beginPath();
    if (accuracy !== null) {
      ctx.arc(x, plot.valToPos(accuracy, 'y', true), size, 0, 2 * Math.PI);
      ctx.fill();
      continue;
    }
    const scale = (0.6 * ratio * (visible.length > 150 ? 10 : 14)) / 14;
    ctx.setTransform(scale, 0, 0, scale, x - 8 * scale, bbox.top + bbox.height - 18 * scale);
    const shape = new Path2D(status === 'missed' ? missedShape : statuses[status].shape);
    ctx.lineWidth = 2.5;
    if (status === 'invalid_data') ctx.fill(shape);
    else ctx.stroke(shape);
    ctx.setTransform(1, 0, 0, 1, 0, 0);
  }
  ctx.restore();
};
