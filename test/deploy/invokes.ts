import { httpEvent, ruleEvent } from './events';

export const token = 'cm_test';
export const model = '550e8400-e29b-41d4-a716-446655440000';

export const get = (path: string, template = path.split('?')[0] as string) =>
  httpEvent('GET', path, template, token);

const ofRule = (method: string, call: string, body?: unknown) =>
  httpEvent(method, `/alerts/${model}/low${call}`, `/alerts/{model_id}/{rule}${call}`, token, body);

const backfillPath = `/schedule/${model}/backfill`;
const backfillTemplate = '/schedule/{model_id}/backfill';

/** An hour that ended so many days ago. */
const hourOfDays = (days: number) => {
  const to = Date.now() - days * 86_400_000;
  return { from: new Date(to - 3_600_000), to: new Date(to) };
};

/** One event of each function, in an order that makes sense, and what it answers. */
export const invokes: [string, unknown, unknown][] = [
  ['migrate', {}, null],
  ['authorize', { headers: { authorization: `Bearer ${token}` } }, { isAuthorized: true }],
  [
    'schedule',
    httpEvent('POST', '/schedule', '/schedule', token, { model_id: model, cron_expression: '* * * * *' }),
    201,
  ],
  [
    'addPredictions',
    httpEvent('POST', `/predictions/${model}`, '/predictions/{model_id}', token, {
      y_true: [1, 0],
      y_pred: [1, 1],
    }),
    201,
  ],
  [
    'addLabels',
    {
      ...httpEvent('POST', `/labels/${model}`, '/labels/{model_id}', token, {}),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
      body: 'id,y_true\na,1\n',
    },
    200,
  ],
  [
    'computeAccuracy',
    'what the Scheduler sends',
    expect.objectContaining({ status: 'ok', accuracy: 0.5, n_samples: 2 }),
  ],
  ['runNow', httpEvent('POST', `/schedule/${model}/run`, '/schedule/{model_id}/run', token), 200],
  ['getResult', get(`/results/${model}`, '/results/{model_id}'), 200],
  ['getReport', get(`/results/${model}/report`, '/results/{model_id}/report'), 200],
  [
    'setReference',
    httpEvent('PUT', `/schedule/${model}/reference`, '/schedule/{model_id}/reference', token, {}),
    200,
  ],
  [
    'removeReference',
    httpEvent('DELETE', `/schedule/${model}/reference`, '/schedule/{model_id}/reference', token),
    204,
  ],
  ['listRuns', get(`/results/${model}/history?limit=5`, '/results/{model_id}/history'), 200],
  ['listMissed', get(`/results/${model}/missed`, '/results/{model_id}/missed'), 200],
  ['listPredictions', get(`/predictions/${model}`, '/predictions/{model_id}'), 200],
  [
    'deletePredictions',
    httpEvent('DELETE', `/predictions/${model}?of=rows&id=9`, '/predictions/{model_id}', token),
    200,
  ],
  ['overview', get('/overview'), 200],
  ['exposeMetrics', get('/metrics'), 200],
  ['listSchedules', get('/schedule'), 200],
  ['getSchedule', get(`/schedule/${model}`, '/schedule/{model_id}'), 200],
  ['getAlerts', get(`/alerts/${model}`, '/alerts/{model_id}'), 200],
  ['putRule', ofRule('PUT', '', { metric: 'accuracy', below: 0.1 }), 201],
  ['tryRule', ofRule('POST', '/try', { metric: 'accuracy', below: 0.1 }), 200],
  ['snoozeAlert', ofRule('PUT', '/snooze', { until: '2099-01-01T00:00:00Z', note: null }), 200],
  ['deleteRule', ofRule('DELETE', ''), 204],
  ['listAlerts', get('/alerts'), 200],
  ['testAlerts', httpEvent('POST', '/alerts/test', '/alerts/test', token), 200],
  ['listTagRules', get('/alert-defaults'), 200],
  [
    'putTagRule',
    httpEvent('PUT', '/alert-defaults/x/low', '/alert-defaults/{tag}/{rule}', token, {
      metric: 'accuracy',
      below: 0.1,
    }),
    201,
  ],
  ['deleteTagRule', httpEvent('DELETE', '/alert-defaults/x/low', '/alert-defaults/{tag}/{rule}', token), 204],
  [
    'addMaintenance',
    httpEvent('POST', '/maintenance', '/maintenance', token, {
      starts_at: '2099-01-01T00:00:00Z',
      ends_at: '2099-01-02T00:00:00Z',
      note: 'why',
    }),
    201,
  ],
  ['listMaintenance', get('/maintenance'), 200],
  ['deleteMaintenance', httpEvent('DELETE', '/maintenance/1', '/maintenance/{id}', token), 204],
  ['listAudit', get('/alert-audit'), 200],
  ['notify', {}, { ops: { sent: 0, failed: 0 } }],
  ['backfill', httpEvent('POST', backfillPath, backfillTemplate, token, hourOfDays(2)), 202],
  ['getBackfill', get(backfillPath, backfillTemplate), 200],
  ['cancelBackfill', httpEvent('DELETE', backfillPath, backfillTemplate, token), 200],
  [
    'updateSchedule',
    httpEvent('PATCH', `/schedule/${model}`, '/schedule/{model_id}', token, { enabled: false }),
    200,
  ],
  [
    'applySchedules',
    httpEvent('PUT', '/schedules', '/schedules', token, {
      schedules: [{ model_id: model, cron_expression: '* * * * *', enabled: false }],
    }),
    200,
  ],
  ['previewSchedule', get('/schedule/preview?cron_expression=0+0+*+*+*'), 200],
  [
    'reconcile',
    ruleEvent,
    { equal: 1, missing: 0, different: 0, orphaned: 0, foreign: 0, unreadable: 0, refused: 0 },
  ],
  ['watch', ruleEvent, { missed: 0, invoked: 0, revised: 0 }],
  ['health', get('/health'), 200],
  ['prune', ruleEvent, { run_months: 0, old: 0, many: 0, months: 0, labels: 0, rows: 0 }],
  ['deleteSchedule', httpEvent('DELETE', `/schedule/${model}`, '/schedule/{model_id}', token), 204],
  ['dashboard', get('/'), 200],
  ['openapi', get('/openapi.json'), 200],
  ['notFound', get('/nothing'), 404],
];
