import { ApiProblem, request } from './api.client.js';
import { fill, h, note } from './dom.client.js';
import { duePreview } from './duePreview.client.js';
import { field, zoneList } from './field.client.js';
import { asking, formErrors, openDialog, sending } from './form.client.js';
import { metricFields } from './metricFields.client.js';

/**
 * When a model runs, with what that means as the API sees it while one types, and which metrics it computes.
 * @param {any} start a schedule; without model_id it is asked for
 * @param {(values: any) => Promise<void>} save
 * @param {{text: string, cancel?: () => void}} button
 */
export const scheduleForm = (start, save, button) => {
  const model = field({ name: 'model_id', required: true, maxlength: 36 }, 'Model id', 'A UUID');
  const name = field(
    { name: 'name', maxlength: 100, value: start.name ?? '' },
    'Name',
    'What people call the model',
  );
  const tags = field(
    { name: 'tags', maxlength: 1050, value: (start.tags ?? []).join(', ') },
    'Tags',
    'Separated by commas',
  );
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
  const metrics = metricFields(start);
  const errors = formErrors({
    model_id: model,
    name,
    tags,
    cron_expression: cron,
    timezone: zone,
    ...metrics.fields,
  });
  const preview = h('div', { class: 'preview', 'aria-live': 'polite' });
  const from = h('input', { type: 'date', 'aria-label': 'Next runs from' });
  const submit = h('button', { type: 'submit', class: 'primary' }, button.text);

  const previewing = asking(async (signal) => {
    const search = new URLSearchParams({
      cron_expression: cron.input.value,
      timezone: zone.input.value,
      count: '5',
      ...(from.value && { from: `${from.value}T00:00:00Z` }),
    });
    try {
      const { body } = await request('GET', `schedule/preview?${search}`, { signal });
      if (signal.aborted) return;
      errors.clear();
      fill(preview, duePreview(body));
    } catch (error) {
      if (signal.aborted) return;
      fill(preview);
      errors.tell(error, false);
    }
  });
  for (const input of [cron.input, zone.input, from]) input.addEventListener('input', previewing.soon);

  const send = async () => {
    previewing.stop();
    errors.clear();
    try {
      await save({
        ...(start.model_id === undefined && { model_id: model.input.value.trim() }),
        name: name.input.value.trim() || null,
        tags: tags.input.value.split(',').flatMap((/** @type {string} */ tag) => tag.trim() || []),
        cron_expression: cron.input.value,
        timezone: zone.input.value,
        ...metrics.values(),
      });
    } catch (error) {
      errors.tell(error, true);
    }
  };
  const form = h(
    'form',
    { class: 'schedule-form', novalidate: true, onsubmit: sending(submit, send) },
    start.model_id === undefined && model.element,
    cron.element,
    zone.element,
    h('div', { class: 'preview-from' }, h('h3', {}, 'Next runs'), from),
    preview,
    name.element,
    tags.element,
    metrics.element,
    errors.element,
    h(
      'div',
      { class: 'actions' },
      button.cancel && h('button', { type: 'button', onclick: button.cancel }, 'Cancel'),
      submit,
    ),
  );
  previewing.now();
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

export const openScheduleDialog = () =>
  openDialog('Add a schedule', (cancel) => {
    const save = async (/** @type {any} */ values) => {
      await refuseIfThere(values);
      const { body } = await request('POST', 'schedule', { body: values });
      cancel();
      note('Scheduled.');
      location.hash = `#/models/${body.model_id}`;
    };
    return scheduleForm({}, save, { text: 'Add schedule', cancel });
  });
