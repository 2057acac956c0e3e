import { ApiProblem, request } from './api.client.js';
import { confirm, fill, h, note } from './dom.client.js';
import { valueText } from './metrics.client.js';

/** Does it, and says what was wrong. @param {() => Promise<void>} work */
export const act = async (work) => {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    note(error.message, 'error');
  }
};

/** Not twice at once. @param {string} text @param {string} kind @param {() => Promise<void>} work */
const button = (text, kind, work) => {
  const element = h(
    'button',
    {
      type: 'button',
      class: kind,
      onclick: async () => {
        if (element.getAttribute('aria-disabled')) return;
        element.setAttribute('aria-disabled', 'true');
        await act(work);
        element.removeAttribute('aria-disabled');
      },
    },
    text,
  );
  return element;
};

/** @param {any} result */
const outcomeText = ({ status, error, metrics }) => {
  if (status !== 'ok') return `Ran: ${error ?? 'no data'}`;
  const values = Object.entries(metrics).map(([key, value]) => `${key} ${valueText(key, value)}`);
  return `Ran: ${values.slice(0, 3).join(', ')}${values.length > 3 ? ', …' : ''}`;
};

/**
 * What one can do with a scheduled model.
 * @param {string} id
 * @param {() => Promise<void>} refresh
 */
export const modelActions = (id, refresh) => {
  const element = h('div', { class: 'actions' });
  const runNow = async () => {
    const { body } = await request('POST', `schedule/${id}/run`);
    note(outcomeText(body));
    await refresh();
  };
  const setEnabled = (/** @type {boolean} */ enabled) => async () => {
    await request('PATCH', `schedule/${id}`, { body: { enabled } });
    note(enabled ? 'Resumed.' : 'Paused.');
    await refresh();
  };
  const pin = async () => {
    await request('PUT', `schedule/${id}/reference`, { body: {} });
    note('Later runs are compared with the newest one.');
    await refresh();
  };
  const unpin = async () => {
    await request('DELETE', `schedule/${id}/reference`);
    note('Compared with no run any more.');
    await refresh();
  };
  const remove = async () => {
    const sure = await confirm({
      title: 'Delete this schedule?',
      text: `Model ${id} will not run any more and leaves the overview. Its runs stay in the history.`,
      action: 'Delete schedule',
    });
    if (!sure) return;
    await request('DELETE', `schedule/${id}`);
    note('Deleted.');
    location.hash = '#/';
  };

  let shown = '';
  return {
    element,
    /** @param {any} schedule @param {boolean} hasNumber whether there is a run to compare with */
    update: (schedule, hasNumber) => {
      const now = JSON.stringify(schedule && [schedule.enabled, schedule.reference, hasNumber]) ?? '';
      if (now === shown) return;
      shown = now;
      const focused = [...element.children].indexOf(/** @type {any} */ (document.activeElement));
      fill(
        element,
        schedule && button('Run now', 'primary', runNow),
        schedule && button(schedule.enabled ? 'Pause' : 'Resume', '', setEnabled(!schedule.enabled)),
        schedule?.reference && button('Remove reference', '', unpin),
        schedule && !schedule.reference && hasNumber && button('Set as reference', '', pin),
        schedule && button('Delete…', 'danger quiet', remove),
      );
      if (focused >= 0) /** @type {any} */ (element.children[focused])?.focus();
    },
  };
};
