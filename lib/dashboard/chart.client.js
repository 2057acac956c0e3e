import { fill, h, newId } from './dom.client.js';
import { duration, exact } from './format.client.js';
import { legend } from './marks.client.js';
import { changeText, intervalText, valueText } from './metrics.client.js';
import { makePlots } from './plots.client.js';
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
 * point to point.
 * @param {(key: string) => void} choose another metric
 * @returns {{element: HTMLElement, show: (keys: string[], shown: import('./plots.client.js').Shown) => void, close: () => void}}
 */
export const historyChart = (choose) => {
  /** @type {import('./plots.client.js').Shown} */
  let shown = { key: '', points: [], reference: null };
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
          { left: plot.valToPos(plot.data[0][at], 'x'), top: plot.over.clientHeight / 2 },
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
    const { scheduled_time, data_timestamp } = found;
    const age = data_timestamp && Math.max(0, Date.parse(scheduled_time) - Date.parse(data_timestamp));
    fill(
      readout,
      h('strong', {}, exact(scheduled_time)),
      ' · ',
      h('span', {}, words(shown.key, found, shown.reference)),
      typeof age === 'number' && ` · data from ${exact(data_timestamp ?? '')}, ${duration(age)} old`,
    );
  };

  const bounds = () => {
    const first = Date.parse(shown.points[0]?.scheduled_time ?? '') / 1000;
    const last = Date.parse(shown.points.at(-1)?.scheduled_time ?? '') / 1000;
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
    if (shown.points.length === 0) return;
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
    plots = makePlots(canvases, shown, hooks, all);
  };

  const redraw = () => {
    const range = zoomed && plots[0] ? { min: plots[0].scales.x.min, max: plots[0].scales.x.max } : undefined;
    canvases.replaceChildren();
    make();
    zoomTo(range ?? bounds());
    point(Math.min(at, shown.points.length - 1));
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
      const known = [...select.options].map(({ value }) => value);
      if (known.join() !== keys.join()) {
        fill(
          select,
          keys.map((key) => h('option', { value: key }, key)),
        );
      }
      select.value = next.key;
      fill(marks, legend(next.points, next.reference !== null));
      redraw();
    },
    close: () => {
      sizes.disconnect();
      dark.removeEventListener('change', redraw);
      for (const plot of plots) plot.destroy();
    },
  };
};
