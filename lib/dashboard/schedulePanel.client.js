import { fill, h } from './dom.client.js';
import { scheduleForm } from './scheduleForm.client.js';

/** @param {any} schedule */
const wordsOf = (schedule) =>
  h(
    'p',
    { class: 'words now' },
    schedule.words ?? schedule.cron_expression,
    h('span', { class: 'soft' }, ` ${schedule.timezone}`),
    schedule.flexible_window_minutes > 0 &&
      h('span', { class: 'soft' }, `, starts up to ${schedule.flexible_window_minutes} min later`),
  );

/**
 * A model's schedule, and the form that changes it. It is made anew only when the schedule is another, so that typing is
 * not lost.
 * @param {string} id
 * @param {(values: any) => Promise<void>} save
 */
export const schedulePanel = (id, save) => {
  const element = h('section', { class: 'card schedule', 'aria-labelledby': 'schedule-title' });
  let shown = '';
  return {
    element,
    /** @param {any} schedule */
    update: (schedule) => {
      const { cron_expression, timezone, flexible_window_minutes, task, metrics, pos_label } = schedule ?? {};
      const { name, tags } = schedule ?? {};
      const now = JSON.stringify([
        cron_expression,
        timezone,
        flexible_window_minutes,
        task,
        metrics,
        pos_label,
        name,
        tags,
      ]);
      if (now === shown) return;
      shown = now;
      const hadFocus = element.contains(document.activeElement);
      fill(
        element,
        h('h2', { id: 'schedule-title' }, 'Schedule'),
        schedule ? wordsOf(schedule) : h('p', {}, 'This model has no schedule.'),
        scheduleForm({ ...schedule, model_id: id }, save, {
          text: schedule ? 'Save schedule' : 'Add schedule',
        }),
      );
      if (hadFocus) /** @type {any} */ (element.querySelector('[type=submit]'))?.focus();
    },
  };
};
