import { accuracyRange, ageText, percentLabels, timeLabels } from './axes.client.js';
import { fill, h } from './dom.client.js';
import { duration, exact, percent } from './format.client.js';
import { color, drawMarks, legend } from './marks.client.js';
import { statuses } from './status.client.js';

/** @typedef {import('./marks.client.js').Point} Point */

const hour = 3_600_000;

/** @param {Point['status']} status */
const wordOf = (status) => (status === 'missed' ? 'Missed: no run' : statuses[status].word);

/** What the chart shows of the points, in uPlot's columns. @param {Point[]} points */
const columnsOf = (points) => {
  const times = points.map(({ scheduled_time }) => Date.parse(scheduled_time) / 1000);
  const accuracies = points.map(({ accuracy }) => accuracy);
  const ages = points.map(({ data_timestamp, scheduled_time }) =>
    data_timestamp === null
      ? null
      : Math.max(0, Date.parse(scheduled_time) - Date.parse(data_timestamp)) / hour,
  );
  return { times, accuracies, ages };
};

/**
 * Accuracy over due times, and below it how old the data was. Drag to zoom, or use the buttons; the arrow keys walk
 * from point to point.
 * @returns {{element: HTMLElement, show: (points: Point[]) => void, close: () => void}}
 */
export const historyChart = () => {
  /** @type {Point[]} */
  let points = [];
  /** @type {any[]} */
  let plots = [];
  let zoomed = false;
  let at = -1;

  const readout = h('p', { class: 'readout', 'aria-live': 'polite' });
  const canvases = h('div', {
    class: 'plots',
    tabindex: 0,
    role: 'group',
    'aria-roledescription': 'chart',
    'aria-label': 'Accuracy of the runs, and the age of their data. Arrow keys go from run to run.',
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const step = {
        ArrowLeft: at < 0 ? points.length : at - 1,
        ArrowRight: at + 1,
        Home: 0,
        End: points.length - 1,
      }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      point(Math.max(0, Math.min(points.length - 1, step)));
      for (const plot of plots) {
        plot.setCursor(
          { left: plot.valToPos(plot.data[0][at], 'x'), top: plot.over.clientHeight / 2 },
          false,
        );
      }
    },
  });

  const point = (/** @type {number} */ to) => {
    at = to;
    const found = points[at];
    if (!found) {
      fill(readout, 'Point at a run, or use the arrow keys, to read it.');
      return;
    }
    const { scheduled_time, status, accuracy, data_timestamp } = found;
    const age = data_timestamp && Math.max(0, Date.parse(scheduled_time) - Date.parse(data_timestamp));
    fill(
      readout,
      h('strong', {}, exact(scheduled_time)),
      ' · ',
      accuracy === null ? wordOf(status) : percent(accuracy),
      typeof age === 'number' && ` · data from ${exact(data_timestamp ?? '')}, ${duration(age)} old`,
    );
  };

  const bounds = () => {
    const first = Date.parse(points[0]?.scheduled_time ?? '') / 1000;
    const last = Date.parse(points.at(-1)?.scheduled_time ?? '') / 1000;
    const edge = Math.max(30, (last - first) * 0.02);
    return { min: first - edge, max: last + edge };
  };
  const zoomTo = (/** @type {{min: number, max: number}} */ range) => {
    for (const plot of plots) {
      if (plot.scales.x.min !== range.min || plot.scales.x.max !== range.max) plot.setScale('x', range);
    }
  };
  const all = () => {
    zoomed = false;
    zoomTo(bounds());
  };
  /** @param {number} factor @param {number} shift in parts of what is visible */
  const move = (factor, shift) => () => {
    const { min, max } = plots[0]?.scales.x ?? {};
    if (points.length < 2 || min === undefined) return;
    const half = ((max - min) / 2) * factor;
    const middle = (min + max) / 2 + (max - min) * shift;
    const limit = bounds();
    if (2 * half >= limit.max - limit.min) return all();
    const center = Math.min(Math.max(middle, limit.min + half), limit.max - half);
    zoomed = true;
    zoomTo({ min: center - half, max: center + half });
  };

  const make = () => {
    for (const plot of plots) plot.destroy();
    if (points.length === 0) return;
    const { times, accuracies, ages } = columnsOf(points);
    const width = Math.max(200, canvases.clientWidth);
    const [ink, grid] = [color('--ink-soft'), color('--line')];
    const axis = {
      stroke: ink,
      grid: { stroke: grid, width: 1 },
      ticks: { stroke: grid, width: 1 },
      font: '12px system-ui',
    };
    const hooks = {
      setCursor: [
        (/** @type {any} */ plot) => {
          if (plot.cursor.idx !== null && plot.cursor.left >= 0 && plot.cursor.idx !== at)
            point(plot.cursor.idx);
        },
      ],
      setScale: [
        (/** @type {any} */ plot, /** @type {string} */ key) => {
          if (key !== 'x' || plots.length < 2) return;
          zoomTo({ min: plot.scales.x.min, max: plot.scales.x.max });
        },
      ],
      setSelect: [
        (/** @type {any} */ plot) => {
          if (plot.select.width > 0) zoomed = true;
        },
      ],
    };
    const common = {
      width,
      padding: [12, 20, 8, 0],
      legend: { show: false },
      cursor: {
        sync: { key: 'history' },
        drag: { x: true, y: false },
        points: { show: false },
        bind: {
          dblclick: () => () => {
            all();
            return null;
          },
        },
      },
      scales: {
        x: {
          time: true,
          range: (/** @type {any} */ _, /** @type {number} */ min, /** @type {number} */ max) => [min, max],
        },
      },
    };
    const size = width < 480 ? 52 : 60;
    const next = [
      new uPlot(
        /** @type {any} */ ({
          ...common,
          height: 260,
          hooks: { ...hooks, draw: [drawMarks(() => points)] },
          scales: { ...common.scales, y: { range: accuracyRange } },
          series: [{}, { stroke: color('--ok'), width: 1.75, points: { show: false } }],
          axes: [
            { ...axis, values: timeLabels },
            {
              ...axis,
              size,
              values: percentLabels,
            },
          ],
        }),
        /** @type {any} */ ([times, accuracies]),
        canvases,
      ),
    ];
    canvases.append(h('p', { class: 'plot-title' }, 'Age of the data at each run'));
    next.push(
      new uPlot(
        /** @type {any} */ ({
          ...common,
          height: 110,
          hooks,
          scales: {
            ...common.scales,
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
            { ...axis, values: timeLabels, show: false },
            {
              ...axis,
              size,
              space: 24,
              values: (/** @type {any} */ _, /** @type {number[]} */ splits) => splits.map(ageText),
            },
          ],
        }),
        /** @type {any} */ ([times, ages]),
        canvases,
      ),
    );
    plots = next;
  };

  const redraw = () => {
    const range = zoomed && plots[0] ? { min: plots[0].scales.x.min, max: plots[0].scales.x.max } : undefined;
    canvases.replaceChildren();
    make();
    zoomTo(range ?? bounds());
    point(Math.min(at, points.length - 1));
  };
  let lastWidth = 0;
  const sizes = new ResizeObserver(() => {
    if (canvases.clientWidth === lastWidth) return;
    lastWidth = canvases.clientWidth;
    for (const plot of plots) plot.setSize({ width: Math.max(200, lastWidth), height: plot.height });
  });
  sizes.observe(canvases);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', redraw);

  const button = (
    /** @type {string} */ text,
    /** @type {string} */ name,
    /** @type {() => void} */ onclick,
  ) => h('button', { type: 'button', class: 'tool', 'aria-label': name, title: name, onclick }, text);
  const element = h(
    'div',
    { class: 'chart' },
    h(
      'div',
      { class: 'chart-tools' },
      legend(),
      h(
        'div',
        { class: 'tools-zoom', role: 'group', 'aria-label': 'Zoom' },
        button('‹', 'Earlier', move(1, -0.5)),
        button('−', 'Zoom out', move(2, 0)),
        button('+', 'Zoom in', move(0.5, 0)),
        button('›', 'Later', move(1, 0.5)),
        button('All', 'Show all', all),
      ),
    ),
    canvases,
    readout,
  );
  return {
    element,
    show: (next) => {
      points = next;
      redraw();
    },
    close: () => {
      sizes.disconnect();
      dark.removeEventListener('change', redraw);
      for (const plot of plots) plot.destroy();
    },
  };
};
