import { ApiProblem, request } from './api.client.js';
import { fill, h, newId, note } from './dom.client.js';
import { cronWords, exact, viewerZone } from './format.client.js';

/** @param {any} attributes @param {string} label @param {string} hint */
const field = (attributes, label, hint) => {
  const [id, hintId, errorId] = [newId(), newId(), newId()];
  const input = h('input', {
    id,
    type: 'text',
    spellcheck: 'false',
    autocomplete: 'off',
    autocapitalize: 'off',
    'aria-describedby': `${errorId} ${hintId}`,
    ...attributes,
  });
  const error = h('p', { id: errorId, class: 'field-error' });
  const element = h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    input,
    error,
    h('p', { id: hintId, class: 'hint' }, hint),
  );
  const tell = (/** @type {string | undefined} */ message) => {
    if (message) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
    fill(error, message && `${label} ${message}`);
  };
  return { element, input, tell, error };
};

const zoneList = () => {
  const id = 'zones';
  if (!document.getElementById(id)) {
    const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
    document.body.append(
      h(
        'datalist',
        { id },
        zones.map((zone) => h('option', { value: zone })),
      ),
    );
  }
  return id;
};

/**
 * Cron expression and time zone, with what they mean as the API sees it, while one types.
 * @param {{model_id?: string, cron_expression?: string, timezone?: string}} start without model_id it is asked for
 * @param {(values: any) => Promise<void>} save
 * @param {{text: string, cancel?: () => void}} button
 */
export const scheduleForm = (start, save, button) => {
  const model = field({ name: 'model_id', required: true, maxlength: 36 }, 'Model id', 'A UUID');
  const cron = field(
    {
      name: 'cron_expression',
      required: true,
      maxlength: 1000,
      value: start.cron_expression ?? '*/5 * * * *',
    },
    'Cron expression',
    'Minute, hour, day of month, month, day of week',
  );
  const zone = field(
    { name: 'timezone', required: true, maxlength: 50, list: zoneList(), value: start.timezone ?? 'UTC' },
    'Time zone',
    'IANA name, such as Europe/Berlin',
  );
  /** @type {Record<string, ReturnType<typeof field>>} */
  const fields = { model_id: model, cron_expression: cron, timezone: zone };
  const alert = h('p', { class: 'field-error', role: 'alert' });
  const preview = h('div', { class: 'preview', 'aria-live': 'polite' });
  const submit = h('button', { type: 'submit', class: 'primary' }, button.text);

  /** Each error beside its field, others below. @param {unknown} error @param {boolean} focus */
  const tell = (error, focus) => {
    if (!(error instanceof ApiProblem)) throw error;
    const others = error.errors.filter(({ path }) => !fields[path]);
    for (const [path, { tell }] of Object.entries(fields)) {
      tell(error.errors.find((found) => found.path === path)?.message);
    }
    if (error.errors.length === 0) fill(alert, error.message);
    else fill(alert, others.map(({ path, message }) => `${path} ${message}`).join('; '));
    if (focus) /** @type {any} */ (form.querySelector('[aria-invalid=true]'))?.focus();
  };
  const clear = () => {
    fill(alert);
    for (const { tell } of Object.values(fields)) tell(undefined);
  };

  const drawPreview = (/** @type {any} */ { cron_expression, timezone, due_times }) => {
    const both = timezone !== viewerZone;
    fill(
      preview,
      h('p', { class: 'words' }, cronWords(cron_expression) ?? cron_expression),
      due_times.length === 0
        ? h('p', {}, 'There is no such time.')
        : h(
            'ol',
            { class: 'due' },
            due_times.map((/** @type {string} */ time) =>
              h(
                'li',
                {},
                h('time', { datetime: time }, exact(time, timezone)),
                both && h('span', { class: 'soft' }, `${exact(time)} here`),
              ),
            ),
          ),
    );
  };

  let asked = new AbortController();
  const ask = async () => {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    const search = new URLSearchParams({
      cron_expression: cron.input.value,
      timezone: zone.input.value,
      count: '5',
    });
    try {
      const { body } = await request('GET', `schedule/preview?${search}`, { signal });
      if (signal.aborted) return;
      clear();
      drawPreview(body);
    } catch (error) {
      if (signal.aborted) return;
      fill(preview);
      tell(error, false);
    }
  };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  const askSoon = () => {
    clearTimeout(typing);
    typing = setTimeout(ask, 250);
  };
  cron.input.addEventListener('input', askSoon);
  zone.input.addEventListener('input', askSoon);

  const onsubmit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (submit.getAttribute('aria-disabled')) return;
    submit.setAttribute('aria-disabled', 'true');
    clearTimeout(typing);
    clear();
    try {
      await save({
        ...(start.model_id === undefined && { model_id: model.input.value.trim() }),
        cron_expression: cron.input.value,
        timezone: zone.input.value,
      });
    } catch (error) {
      tell(error, true);
    } finally {
      submit.removeAttribute('aria-disabled');
    }
  };
  const form = h(
    'form',
    { class: 'schedule-form', novalidate: true, onsubmit },
    start.model_id === undefined && model.element,
    cron.element,
    zone.element,
    h('h3', {}, 'Next runs'),
    preview,
    alert,
    h(
      'div',
      { class: 'actions' },
      button.cancel && h('button', { type: 'button', onclick: button.cancel }, 'Cancel'),
      submit,
    ),
  );
  ask();
  return form;
};

/** Not over a schedule that is there already. @param {{model_id: string}} values */
const refuseIfThere = async ({ model_id }) => {
  if (!/^[\da-f-]{36}$/i.test(model_id)) return;
  const found = await request('GET', `schedule/${model_id}`).catch((error) => {
    if (error instanceof ApiProblem && (error.status === 404 || error.status === 400)) return undefined;
    throw error;
  });
  if (found) {
    const message = 'has a schedule already; open the model to change it';
    throw new ApiProblem(409, 'there already', [{ path: 'model_id', message }]);
  }
};

export const openScheduleDialog = () => {
  const titleId = newId();
  const close = () => {
    dialog.close();
    dialog.remove();
  };
  const save = async (/** @type {any} */ values) => {
    await refuseIfThere(values);
    const { body } = await request('POST', 'schedule', { body: values });
    close();
    note('Scheduled.');
    location.hash = `#/models/${body.model_id}`;
  };
  const dialog = h(
    'dialog',
    { 'aria-labelledby': titleId, oncancel: () => dialog.remove() },
    h('h2', { id: titleId }, 'Add a schedule'),
    scheduleForm({}, save, { text: 'Add schedule', cancel: close }),
  );
  document.body.append(dialog);
  dialog.showModal();
};
