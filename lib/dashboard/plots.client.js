import { drawSpans } from './alertMarks.client.js';
import { ageText, timeLabels, valueLabels, valueRange } from './axes.client.js';
import { h } from './dom.client.js';
import { color, drawMarks, drawName } from './marks.client.js';
import { valueText } from './metrics.client.js';

/** @typedef {import('./marks.client.js').Point} Point */

const hour = 3600;

/**
 * What is shown: the runs, what they say of which metric, what that is compared with, and what alerts made of it.
 * @typedef {{key: string, points: Point[], reference: number | null,
 *   thresholds: import('./alertMarks.client.js').Threshold[], spans: import('./alertMarks.client.js').Span[]}} Shown
 */
/** Its columns. @typedef {ReturnType<typeof columnsOf>} Columns */

/** A column for each series. @param {Shown} shown */
export const columnsOf = ({ points, reference, thresholds }) => ({
  times: points.map(({ time }) => time),
  value: points.map(({ value }) => value),
  low: points.map(({ interval }) => interval?.[0] ?? null),
  high: points.map(({ interval }) => interval?.[1] ?? null),
  baseline: points.map(({ baseline }) => baseline),
  reference: points.map(() => reference),
  thresholds: thresholds.map(({ values }) => values),
  age: points.map(({ age }) => age && age / hour),
});

/** What the two plots have of some places. @param {Columns} columns @param {number[]} places */
export const dataAt = (columns, places) => {
  const { times, low, high, baseline, reference, thresholds, value, age } = columns;
  const pick = (/** @type {(number | null)[]} */ column) => places.map((at) => column[at] ?? null);
  return [[times, low, high, baseline, reference, ...thresholds, value].map(pick), [times, age].map(pick)];
};

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

/** @param {Shown} shown @param {Columns} columns @param {() => Point[]} drawn @param {any} base @param {any} hooks @param {number} size */
const valuePlot = ({ key, reference, thresholds, spans }, columns, drawn, base, hooks, size) => {
  const last = columns.baseline.findLast((baseline) => baseline !== null);
  const edge = { stroke: color('--band-edge'), width: 1, points: { show: false } };
  const level = { width: 1.5, dash: [5, 4], points: { show: false }, auto: false, spanGaps: true };
  const newest = thresholds.map(({ values }) => values.findLast((value) => value !== null) ?? null);
  const names = thresholds.map(({ name, colour }, at) =>
    drawName(name, colour, 'center', newest[at], valueText(key, newest[at])),
  );
  return {
    ...base,
    height: 280,
    hooks: {
      ...hooks,
      draw: [
        drawMarks(drawn),
        drawSpans(() => spans),
        drawName('Baseline', '--baseline', 'right', last, valueText(key, last)),
        drawName('Reference', '--reference', 'left', reference, valueText(key, reference)),
        ...names,
      ],
    },
    scales: { x: timeScale, y: { range: valueRange(key, [last ?? null, reference, ...newest]) } },
    series: [
      {},
      edge,
      edge,
      { ...level, stroke: color('--baseline'), paths: uPlot.paths.stepped?.({ align: -1 }) },
      { ...level, stroke: color('--reference') },
      ...thresholds.map(({ colour }) => ({ ...level, stroke: color(colour), dash: [2, 4] })),
      { stroke: color('--ok'), width: 1.75, points: { show: false } },
    ],
    bands: [{ series: [2, 1], fill: color('--band') }],
    axes: [
      { ...axisStyle(), values: timeLabels },
      { ...axisStyle(), size, values: valueLabels(key) },
    ],
  };
};

/** @param {number} count of points @param {any} base @param {any} hooks @param {number} size */
const agePlot = (count, base, hooks, size) => ({
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
      points: { show: count < 60, size: 4 },
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
 * @param {Columns} columns
 * @param {() => Point[]} drawn the points that are drawn now
 * @param {any} hooks
 * @param {() => void} reset
 * @returns {any[]}
 */
export const makePlots = (box, shown, columns, drawn, hooks, reset) => {
  const width = Math.max(200, box.clientWidth);
  const size = width < 480 ? 60 : 66;
  const base = common(width, reset);
  const [values, ages] = dataAt(columns, []);
  const plot = (/** @type {any} */ options, /** @type {any} */ data) => new uPlot(options, data, box);
  const above = plot(valuePlot(shown, columns, drawn, base, hooks, size), values);
  box.append(h('p', { class: 'plot-title' }, 'Age of the data at each run'));
  return [above, plot(agePlot(shown.points.length, base, hooks, size), ages)];
};
