import { conditionOf, isBuiltIn } from './alerts.client.js';
import { ApiProblem, request } from './api.client.js';
import { fill, h, note } from './dom.client.js';
import { field } from './field.client.js';
import { asking, formErrors, openDialog, sending } from './form.client.js';
import { duration, exact } from './format.client.js';
import { ruleFields } from './ruleFields.client.js';

/** @param {{days: number, fired: number, times: {fired_at: string, ended_at: string | null}[]}} tried */
const triedText = ({ days, fired, times }) => {
  const last = times.at(-1);
  const over = days === 1 ? 'a day' : `${days} days`;
  if (!last) return `Would not have fired in ${over}.`;
  const lasted = last.ended_at && Date.parse(last.ended_at) - Date.parse(last.fired_at);
  const end = lasted ? `, for ${duration(lasted)}` : ', and would still be firing';
  const often = fired === 1 ? 'once' : `${fired.toLocaleString('en')} times`;
  return `Would have fired ${often} in ${over}, ${fired === 1 ? '' : 'the last time '}${exact(last.fired_at)}${end}.`;
};

/** What a rule is about. @param {string} name */
const kindOf = (name) => {
  if (!isBuiltIn(name)) return 'metric';
  return name === 'invalid_data' ? 'runs' : 'state';
};

/** How often a rule would have fired. */
const liveLook = () => {
  const text = h('p', { class: 'words', role: 'status' });
  const days = h(
    'select',
    { 'aria-label': 'Tried over' },
    [7, 30, 90, 365].map((count) => h('option', { value: count, selected: count === 30 }, `${count} days`)),
  );
  return {
    element: h(
      'div',
      { class: 'look' },
      h('div', { class: 'preview-from' }, h('h3', {}, 'Over the past'), days),
      text,
    ),
    days,
    say: (/** @type {string} */ words) => fill(text, words),
  };
};

/**
 * A rule, with what it would have done as one types.
 * @param {string} id of the model
 * @param {{rule?: string, definition: any}} start without a name it is a new one
 * @param {{keys: string[], segments: string[], parts: any[]}} about the model
 * @param {{done: () => Promise<void>, cancel: () => void}} then
 */
const ruleForm = (id, start, about, then) => {
  const isNew = start.rule === undefined;
  const kind = kindOf(start.rule ?? '');
  const name = field(
    { name: 'rule', required: true, maxlength: 50 },
    'Name',
    'Of a-z, 0-9, "_" and "-", such as accuracy-low',
  );
  const chosen = ruleFields(start.definition, kind, about);
  const errors = formErrors({ rule: name, ...chosen.fields });
  const submit = h('button', { type: 'submit', class: 'primary' }, isNew ? 'Add rule' : 'Save rule');
  const nameNow = () => start.rule ?? name.input.value.trim();

  const look = liveLook();
  const trying = asking(async (signal) => {
    if (!chosen.given()) {
      errors.clear();
      look.say('With a threshold, this says how often it would have fired.');
      return;
    }
    try {
      const { body } = await request(
        'POST',
        `alerts/${id}/${encodeURIComponent(nameNow() || 'new')}/try?days=${look.days.value}`,
        { body: { ...chosen.values(), enabled: true }, signal },
      );
      if (signal.aborted) return;
      errors.clear();
      look.say(triedText(body));
    } catch (error) {
      if (signal.aborted) return;
      look.say('');
      errors.tell(error, false);
    }
  });
  const send = async () => {
    trying.stop();
    errors.clear();
    try {
      await refuseIfThere(id, isNew ? nameNow() : undefined);
      if (nameNow() === '') throw new ApiProblem(400, '', [{ path: 'rule', message: 'is required' }]);
      await request('PUT', `alerts/${id}/${encodeURIComponent(nameNow())}`, { body: chosen.values() });
      await then.done();
    } catch (error) {
      errors.tell(error, true);
    }
  };
  const form = h(
    'form',
    {
      class: 'rule-form',
      novalidate: true,
      onsubmit: sending(submit, send),
      ...(kind !== 'state' && { oninput: trying.soon }),
    },
    isNew
      ? name.element
      : kind !== 'metric' && h('p', {}, `Fires when ${conditionOf(start.rule ?? '', start.definition)}.`),
    chosen.simple,
    kind !== 'state' && look.element,
    chosen.more.length > 0 && h('details', { class: 'more' }, h('summary', {}, 'More'), chosen.more),
    errors.element,
    h('div', { class: 'actions' }, h('button', { type: 'button', onclick: then.cancel }, 'Cancel'), submit),
  );
  if (kind !== 'state') trying.now();
  return form;
};

/** Not over a rule that is there already. @param {string} id @param {string | undefined} name */
const refuseIfThere = async (id, name) => {
  if (name === undefined) return;
  const { body } = await request('GET', `alerts/${id}`);
  if (!body.rules.some((/** @type {any} */ { rule }) => rule === name)) return;
  throw new ApiProblem(409, 'there already', [
    { path: 'rule', message: 'is one that the model has; change that one' },
  ]);
};

/**
 * @param {string} id of the model
 * @param {{rule?: string, definition: any}} start
 * @param {{keys: string[], segments: string[], parts: any[]}} about
 * @param {() => Promise<void>} refresh
 */
export const openRuleDialog = (id, start, about, refresh) =>
  openDialog(start.rule === undefined ? 'Add a rule' : `Change ${start.rule}`, (cancel) => {
    const done = async () => {
      cancel();
      note(start.rule === undefined ? 'Added.' : 'Saved.');
      await refresh();
    };
    return ruleForm(id, start, about, { done, cancel });
  });
