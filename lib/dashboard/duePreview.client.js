import { h } from './dom.client.js';
import { exact, viewerZone } from './format.client.js';

/** A local time as it is answered, "2027-03-28T02:30". @param {string} local */
const onTheWall = (local) => exact(`${local}Z`, 'UTC');

/** @param {any} preview @param {string} time @param {number} at */
const dueTime = ({ timezone, local_times }, time, at) =>
  h(
    'li',
    {},
    h('time', { datetime: time }, onTheWall(local_times[at])),
    timezone !== 'UTC' && h('span', { class: 'soft' }, `${exact(time, 'UTC')} UTC`),
    viewerZone !== timezone && viewerZone !== 'UTC' && h('span', { class: 'soft' }, `${exact(time)} here`),
  );

/** @param {any} change */
const clockChange = ({ kind, count, local_times }) => {
  const more = count - local_times.length;
  const times = local_times.map(onTheWall).join('; ') + (more > 0 ? ` and ${more} more` : '');
  return h(
    'li',
    {},
    kind === 'skipped'
      ? `The clocks skip ${times}: no run.`
      : `The clocks repeat ${times}: one run, the first time.`,
  );
};

/** What an expression means: in words where they are true, and its next due times. @param {any} preview */
export const duePreview = (preview) => {
  const { words, cron_expression, due_times, clock_changes } = preview;
  return [
    h('p', { class: 'words' }, words ?? cron_expression),
    due_times.length === 0
      ? h('p', {}, 'There is no such time.')
      : h(
          'ol',
          { class: 'due' },
          due_times.map((/** @type {string} */ time, /** @type {number} */ at) => dueTime(preview, time, at)),
        ),
    clock_changes.length > 0 && h('ul', { class: 'clock-changes' }, clock_changes.map(clockChange)),
  ];
};
