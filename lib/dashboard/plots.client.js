import { ageText, timeLabels, valueLabels, valueRange } from './axes.client.js';
import { h } from './dom.client.js';
import { color, drawMarks, drawName } from './marks.client.js';
import { valueText } from './metrics.client.js';

/** @typedef {import('./marks.client.js').Point} Point */

const hour = 3_600_000;

/** What is drawn: the runs, what they say of which metric, and what that is compared with. @typedef {{key: string, points: Point[], reference: number | null}} Shown */

/** @param {Point} point */
const ageOf = ({ data_timestamp, scheduled_time }) =>
  data_timestamp === null
    ? null
    : Math.max(0, Date.parse(scheduled_time) - Date.parse(data_timestamp)) / hour;

/** @param {number} width @param {() => void} reset */
const common = (width, reset) => ({
  width,
  padding: [12, 20, 8, 0],
  legend: { show: false },
  cursor: {
    sync: { key: 'history' },
    drag: { x: true, y: false },
    points: { show: false },
    bind: {
      dblclick: () => () => {
        reset();
        return null;
      },
    },
  },
});

const timeScale = {
  time: true,
  range: (/** @type {any} */ _, /** @type {number} */ min, /** @type {number} */ max) => [min, max],
};

const axisStyle = () => {
  const [stroke, line] = [color('--ink-soft'), color('--line')];
  return {
    stroke,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1 },
    font: '12px system-ui',
  };
};

/** @param {Shown} shown @param {any} base @param {any} hooks @param {number} size */
const valuePlot = ({ key, points, reference }, base, hooks, size) => {
  const baselines = points.map(({ baseline }) => baseline);
  const last = baselines.findLast((baseline) => baseline !== null);
  const edge = { stroke: color('--band-edge'), width: 1, points: { show: false } };
  const level = { width: 1.5, dash: [5, 4], points: { show: false }, auto: false, spanGaps: true };
  return {
    ...base,
    height: 280,
    hooks: {
      ...hooks,
      draw: [
        drawMarks(points),
        drawName('Baseline', '--baseline', 'right', last, valueText(key, last)),
        drawName('Reference', '--reference', 'left', reference, valueText(key, reference)),
      ],
    },
    scales: { x: timeScale, y: { range: valueRange(key, [...baselines, reference]) } },
    series: [
      {},
      edge,
      edge,
      { ...level, stroke: color('--baseline'), paths: uPlot.paths.stepped?.({ align: -1 }) },
      { ...level, stroke: color('--reference') },
      { stroke: color('--ok'), width: 1.75, points: { show: false } },
    ],
    bands: [{ series: [2, 1], fill: color('--band') }],
    axes: [
      { ...axisStyle(), values: timeLabels },
      { ...axisStyle(), size, values: valueLabels(key) },
    ],
  };
};

/** @param {Point[]} points @param {any} base @param {any} hooks @param {number} size */
const agePlot = (points, base, hooks, size) => ({
  ...base,
  height: 110,
  hooks,
  scales: {
    x: timeScale,
    y: {
      range: (/** @type {any} */ _, /** @type {number} */ __, /** @type {number} */ high) => [
        0,
        (high || 1) * 1.15,
      ],
    },
  },
  series: [
    {},
    {
      stroke: color('--age'),
      fill: color('--age-fill'),
      width: 1.5,
      points: { show: points.length < 60, size: 4 },
    },
  ],
  axes: [
    { ...axisStyle(), values: timeLabels, show: false },
    {
      ...axisStyle(),
      size,
      space: 24,
      values: (/** @type {any} */ _, /** @type {number[]} */ splits) => splits.map(ageText),
    },
  ],
});

/**
 * The values over due times, with how sure they are and what they are compared with; below, how old the data was.
 * @param {HTMLElement} box
 * @param {Shown} shown
 * @param {any} hooks
 * @param {() => void} reset
 * @returns {any[]}
 */
export const makePlots = (box, shown, hooks, reset) => {
  const { points, reference } = shown;
  const width = Math.max(200, box.clientWidth);
  const size = width < 480 ? 54 : 66;
  const base = common(width, reset);
  const times = points.map(({ scheduled_time }) => Date.parse(scheduled_time) / 1000);
  const columns = [
    points.map(({ interval }) => interval?.[0] ?? null),
    points.map(({ interval }) => interval?.[1] ?? null),
    points.map(({ baseline }) => baseline),
    points.map(() => reference),
    points.map(({ value }) => value),
  ];
  const plot = (/** @type {any} */ options, /** @type {any} */ data) => new uPlot(options, data, box);
  const values = plot(valuePlot(shown, base, hooks, size), [times, ...columns]);
  box.append(h('p', { class: 'plot-title' }, 'Age of the data at each run'));
  return [values, plot(agePlot(points, base, hooks, size), [times, points.map(ageOf)])];
};
