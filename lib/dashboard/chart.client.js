import { alertWords } from './alertMarks.client.js';
import { fill, h, newId } from './dom.client.js';
import { extremes } from './downsample.client.js';
import { duration, exact } from './format.client.js';
import { legend } from './marks.client.js';
import { changeText, intervalText, valueText } from './metrics.client.js';
import { columnsOf, dataAt, makePlots } from './plots.client.js';
import { missed, statuses } from './status.client.js';

/** @typedef {import('./marks.client.js').Point} Point */

/** Why there is no value. @param {Point} point */
const wordOf = ({ status, reason }) => {
  if (status === 'missed') return `${missed.word}: no run`;
  return status === 'ok' ? `Undefined: ${reason ?? 'not computed in this run'}` : statuses[status].word;
};

/** @param {string} key @param {Point} point @param {number | null} reference */
const words = (key, point, reference) => {
  const { value, interval, baseline } = point;
  if (value === null) return wordOf(point);
  return [
    valueText(key, value),
    interval && ` (95 % interval ${intervalText(key, interval)})`,
    baseline !== null && ` · baseline ${valueText(key, baseline)}`,
    reference !== null && ` · ${changeText(key, value - reference)} against the reference`,
  ];
};

/**
 * A metric over due times, and below it how old the data was. Drag to zoom, or use the buttons; the arrow keys walk from
 * run to run. Of more runs than there are pixels, those that stand out are drawn.
 * @param {(key: string) => void} choose another metric
 * @param {HTMLElement} ranges what chooses the time that is shown
 * @returns {{element: HTMLElement, show: (keys: string[], shown: import('./plots.client.js').Shown) => void, close: () => void}}
 */
export const historyChart = (choose, ranges) => {
  /** @type {import('./plots.client.js').Shown} */
  let shown = { key: '', points: [], reference: null, thresholds: [], spans: [] };
  let columns = columnsOf(shown);
  /** The places of the points that are drawn, and those. @type {{places: number[], points: Point[]}} */
  let drawn = { places: [], points: [] };
  let range = { min: 0, max: 0 };
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
    'aria-label': 'Values of the runs, and the age of their data. Arrow keys go from run to run.',
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const step = {
        ArrowLeft: at < 0 ? shown.points.length : at - 1,
        ArrowRight: at + 1,
        Home: 0,
        End: shown.points.length - 1,
      }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      point(Math.max(0, Math.min(shown.points.length - 1, step)));
      for (const plot of plots) {
        plot.setCursor(
          { left: plot.valToPos(columns.times[at], 'x'), top: plot.over.clientHeight / 2 },
          false,
        );
      }
    },
  });

  const point = (/** @type {number} */ to) => {
    at = to;
    const found = shown.points[at];
    if (!found) {
      fill(readout, 'Point at a run, or use the arrow keys, to read it.');
      return;
    }
    const { scheduled_time, data_timestamp, time, age } = found;
    const alerts = alertWords(shown.spans, time, columns.times[at + 1] ?? Number.POSITIVE_INFINITY);
    fill(
      readout,
      h('strong', {}, exact(scheduled_time)),
      ' · ',
      h('span', {}, words(shown.key, found, shown.reference)),
      typeof age === 'number' && ` · data from ${exact(data_timestamp ?? '')}, ${duration(age * 1000)} old`,
      alerts.length > 0 && ` · ${alerts.join(', ')}`,
    );
  };

  const bounds = () => {
    const [first = 0, last = 0] = [columns.times[0], columns.times.at(-1)];
    const edge = Math.max(30, (last - first) * 0.02);
    return { min: first - edge, max: last + edge };
  };
  const zoomTo = (/** @type {{min: number, max: number}} */ to) => {
    if (to.min === range.min && to.max === range.max) return;
    range = to;
    const { times, value, low, high, age } = columns;
    const places = extremes(times, [value, low, high, age], range, Math.ceil(canvases.clientWidth / 4) || 50);
    drawn = { places, points: places.map((place) => /** @type {Point} */ (shown.points[place])) };
    const data = dataAt(columns, places);
    plots.forEach((plot, which) => {
      plot.setData(data[which], false);
      plot.setScale('x', range);
    });
  };
  const all = () => {
    zoomed = false;
    zoomTo(bounds());
  };
  /** @param {number} factor @param {number} shift in parts of what is visible */
  const move = (factor, shift) => () => {
    const { min, max } = plots[0]?.scales.x ?? {};
    if (shown.points.length < 2 || min === undefined) return;
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
    plots = [];
    if (shown.points.length === 0) return;
    const hooks = {
      setCursor: [
        (/** @type {any} */ plot) => {
          const { idx, left } = plot.cursor;
          const place = idx === null ? undefined : drawn.places[idx];
          if (place !== undefined && left >= 0 && place !== at) point(place);
        },
      ],
      setScale: [
        (/** @type {any} */ plot, /** @type {string} */ key) => {
          if (key === 'x' && plots.includes(plot)) zoomTo({ min: plot.scales.x.min, max: plot.scales.x.max });
        },
      ],
      setSelect: [
        (/** @type {any} */ plot) => {
          if (plot.select.width > 0) zoomed = true;
        },
      ],
    };
    plots = makePlots(canvases, shown, columns, () => drawn.points, hooks, all);
  };

  const redraw = () => {
    const before = zoomed && plots[0] ? range : bounds();
    canvases.replaceChildren();
    make();
    range = { min: 0, max: 0 };
    zoomTo(before);
    point(Math.min(at, shown.points.length - 1));
  };
  let lastWidth = 0;
  const sizes = new ResizeObserver(() => {
    if (canvases.clientWidth === lastWidth) return;
    lastWidth = canvases.clientWidth;
    for (const plot of plots) plot.setSize({ width: Math.max(200, lastWidth), height: plot.height });
  });
  sizes.observe(canvases);
  /** On paper all is light. */
  const looks = [matchMedia('(prefers-color-scheme: dark)'), matchMedia('print')];
  for (const look of looks) look.addEventListener('change', redraw);

  const button = (
    /** @type {string} */ text,
    /** @type {string} */ name,
    /** @type {() => void} */ onclick,
  ) => h('button', { type: 'button', class: 'tool', 'aria-label': name, title: name, onclick }, text);
  const id = newId();
  const select = h('select', { id, onchange: () => choose(select.value) });
  const chooser = h('div', { class: 'chooser' }, h('label', { for: id }, 'Metric'), select);
  const marks = h('div', { class: 'legend' });
  const element = h(
    'div',
    { class: 'chart' },
    h(
      'div',
      { class: 'chart-tools' },
      chooser,
      ranges,
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
    marks,
    canvases,
    readout,
  );
  return {
    element,
    show: (keys, next) => {
      shown = next;
      columns = columnsOf(next);
      const known = [...select.options].map(({ value }) => value);
      if (known.join() !== keys.join()) {
        fill(
          select,
          keys.map((key) => h('option', { value: key }, key)),
        );
      }
      select.value = next.key;
      fill(marks, legend(next));
      redraw();
    },
    close: () => {
      sizes.disconnect();
      for (const look of looks) look.removeEventListener('change', redraw);
      for (const plot of plots) plot.destroy();
    },
  };
};
