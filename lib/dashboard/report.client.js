import { request } from './api.client.js';
import { fill, h } from './dom.client.js';
import { exactInBoth, percent } from './format.client.js';
import { confusionMatrix } from './matrix.client.js';

/** @param {any} classes */
const classTable = (classes) =>
  h(
    'table',
    { class: 'plain', 'aria-labelledby': 'classes-title' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ['Class', 'Precision', 'Recall', 'F1', 'Samples', 'Predicted'].map((title, at) =>
          h('th', { scope: 'col', class: at > 0 ? 'number' : '' }, title),
        ),
      ),
    ),
    h(
      'tbody',
      {},
      classes.map((/** @type {any} */ one) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, one.label),
          [one.precision, one.recall, one.f1].map((share) => h('td', { class: 'number' }, percent(share))),
          [one.support, one.predicted].map((count) =>
            h('td', { class: 'number' }, count.toLocaleString('en')),
          ),
        ),
      ),
    ),
  );

/** @param {any} report @param {string} zone */
const drawn = ({ classes, classes_left_out, confusion, scheduled_time }, zone) => [
  h('h2', { id: 'report-title' }, 'Classes'),
  h('p', { class: 'soft lines' }, exactInBoth(scheduled_time, zone)),
  classes_left_out > 0 &&
    h('p', {}, `${classes_left_out.toLocaleString('en')} more classes, with fewer samples, are not shown.`),
  confusion &&
    h(
      'div',
      { class: 'part' },
      h('h3', { id: 'matrix-title' }, 'Which class is taken for which'),
      h('p', { class: 'soft' }, 'A cell is as dark as its share of the samples of its true class.'),
      confusionMatrix(
        classes.map((/** @type {any} */ { label }) => label),
        confusion,
        classes.map((/** @type {any} */ { support }) => support),
      ),
    ),
  h(
    'div',
    { class: 'part' },
    h('h3', { id: 'classes-title' }, 'Each class'),
    h(
      'div',
      { class: 'classes-box', tabindex: 0, role: 'region', 'aria-labelledby': 'classes-title' },
      classTable(classes),
    ),
  ),
];

/** The classes of a model's newest run: asked for again only when its data or its settings are others. */
export const reportSection = (/** @type {string} */ id) => {
  const element = h('section', { class: 'card report', 'aria-labelledby': 'report-title', hidden: true });
  let shown = '';
  return {
    element,
    /** @param {any} result @param {any} schedule */
    update: async (result, schedule) => {
      const { results_id, window_end, revision, status } = result;
      const now = JSON.stringify([
        results_id,
        window_end,
        revision,
        status,
        schedule?.task,
        schedule?.labels,
      ]);
      if (now === shown) return;
      shown = now;
      const wanted = schedule && schedule.task !== 'regression' && result.status === 'ok';
      const asked = wanted ? request('GET', `results/${id}/report`) : Promise.resolve(undefined);
      const [answer] = await Promise.allSettled([asked]);
      if (shown !== now) return;
      const report = answer.status === 'fulfilled' && answer.value?.body;
      element.hidden = !report;
      if (report) fill(element, drawn(report, schedule.timezone));
      if (answer.status === 'rejected' && answer.reason.status !== 404) shown = ''; // the next poll asks again
    },
  };
};
