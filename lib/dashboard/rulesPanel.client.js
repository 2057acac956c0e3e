import { act } from './actions.client.js';
import { request } from './api.client.js';
import { confirm, fill, h, keepFocus, note } from './dom.client.js';
import { openRuleDialog } from './ruleForm.client.js';
import { rulesTable } from './rulesTable.client.js';

/**
 * A model's rules: how each stands, and what adds, changes and deletes one.
 * @param {string} id of the model
 * @param {() => Promise<void>} refresh
 */
export const rulesPanel = (id, refresh) => {
  /** @type {{keys: string[], segments: string[], parts: any[]}} */
  let about = { keys: [], segments: [], parts: [] };
  let shown = '';

  const change = (/** @type {any} */ rule) => openRuleDialog(id, rule, about, refresh);
  const remove = async (/** @type {any} */ { rule }) => {
    const sure = await confirm({
      title: `Delete the rule ${rule}?`,
      text: 'Where a tag or every model has one of this name, that one is in force again.',
      action: 'Delete rule',
    });
    if (!sure) return;
    await act(async () => {
      await request('DELETE', `alerts/${id}/${rule}`);
      note('Deleted.');
      await refresh();
    });
  };
  const box = h('div', { class: 'plain-box', tabindex: '0', role: 'group', 'aria-label': 'Rules' });
  const element = h(
    'section',
    { class: 'card', 'aria-labelledby': 'rules-title', hidden: true },
    h(
      'div',
      { class: 'card-head' },
      h('h2', { id: 'rules-title' }, 'Alerts'),
      h('button', { type: 'button', onclick: () => change({ definition: {} }) }, 'Add a rule'),
    ),
    box,
  );
  return {
    element,
    /** @param {any} alerts @param {any} schedule @param {any} result @param {string[]} keys */
    update: (alerts, schedule, result, keys) => {
      element.hidden = !alerts;
      if (!alerts) return;
      about = { keys, segments: schedule?.segments ?? [], parts: result.segments };
      const now = JSON.stringify([alerts.rules, schedule?.timezone]);
      if (now === shown) return;
      shown = now;
      keepFocus(box, 'aria-label', () =>
        fill(box, rulesTable(alerts.rules, schedule?.timezone ?? 'UTC', { change, remove })),
      );
    },
  };
};
