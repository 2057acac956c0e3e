import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { addMaintenance } from '../../functions/addMaintenance';
import { deleteMaintenance } from '../../functions/deleteMaintenance';
import { deleteRule } from '../../functions/deleteRule';
import { deleteTagRule } from '../../functions/deleteTagRule';
import { getAlerts } from '../../functions/getAlerts';
import { listAlerts } from '../../functions/listAlerts';
import { listAudit } from '../../functions/listAudit';
import { putRule } from '../../functions/putRule';
import { putTagRule } from '../../functions/putTagRule';
import { snoozeAlert } from '../../functions/snoozeAlert';
import { testAlerts } from '../../functions/testAlerts';
import { tryRule } from '../../functions/tryRule';
import { deliver } from '../../lib/alerts/deliver';
import { type Channel, type Notice, Undelivered } from '../../lib/channels/channel';
import { httpHandler } from '../../lib/http/handler';
import { route as addMaintenanceRoute } from '../../lib/http/routes/addMaintenance';
import { route as deleteMaintenanceRoute } from '../../lib/http/routes/deleteMaintenance';
import { route as deleteRuleRoute } from '../../lib/http/routes/deleteRule';
import { route as deleteTagRuleRoute } from '../../lib/http/routes/deleteTagRule';
import { route as getAlertsRoute } from '../../lib/http/routes/getAlerts';
import { route as listAlertsRoute } from '../../lib/http/routes/listAlerts';
import { route as listAuditRoute } from '../../lib/http/routes/listAudit';
import { route as putRuleRoute } from '../../lib/http/routes/putRule';
import { route as putTagRuleRoute } from '../../lib/http/routes/putTagRule';
import { route as snoozeAlertRoute } from '../../lib/http/routes/snoozeAlert';
import { route as testAlertsRoute } from '../../lib/http/routes/testAlerts';
import { route as tryRuleRoute } from '../../lib/http/routes/tryRule';
import { removeSchedule } from '../../lib/schedule/removeSchedule';
import { bodyOf, eventOf } from '../http/event';
import { modelsOf } from '../setup/models';
import { minutesAgo } from '../setup/time';
import { modelNamed, openWorld, type World } from '../setup/world';

type Handler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

let world: World;
let models: ReturnType<typeof modelsOf>;
let calls: Record<string, Handler>;

beforeAll(async () => {
  world = await openWorld();
  models = modelsOf(world);
  calls = {
    addMaintenance: httpHandler(addMaintenanceRoute, async () => addMaintenance(world)),
    deleteMaintenance: httpHandler(deleteMaintenanceRoute, async () => deleteMaintenance(world)),
    deleteRule: httpHandler(deleteRuleRoute, async () => deleteRule(world)),
    deleteTagRule: httpHandler(deleteTagRuleRoute, async () => deleteTagRule(world)),
    getAlerts: httpHandler(getAlertsRoute, async () => getAlerts(world)),
    listAlerts: httpHandler(listAlertsRoute, async () => listAlerts(world)),
    listAudit: httpHandler(listAuditRoute, async () => listAudit(world)),
    putRule: httpHandler(putRuleRoute, async () => putRule(world)),
    putTagRule: httpHandler(putTagRuleRoute, async () => putTagRule(world)),
    snoozeAlert: httpHandler(snoozeAlertRoute, async () => snoozeAlert(world)),
    tryRule: httpHandler(tryRuleRoute, async () => tryRule(world)),
  };
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.db.query(
    'TRUNCATE metrics_executions, runs, results, alert_rules, alert_notifications, alert_audit, maintenance_windows CASCADE',
  );
  await models.post(1, { cron_expression: '0 0 1 1 *', tags: ['production'] });
});

const call = async (name: string, params: Record<string, string>, body?: object, query = {}) => {
  const event = eventOf({ params, query, ...(body && { body: JSON.stringify(body) }) });
  const answer = await (calls[name] as Handler)(event);
  return { status: answer.statusCode, body: answer.body ? bodyOf(answer) : undefined };
};

const ofRule = (rule: string, n = 1) => ({ model_id: modelNamed(n), rule });
const put = (rule: string, definition: object) => call('putRule', ofRule(rule), definition);
const low = { metric: 'accuracy', below: 0.8 };

/** A run with so many of four labels right. */
const run = async (right: number, minutes: number, n = 1) => {
  const y_pred = JSON.stringify(Array.from({ length: 4 }, (_, at) => (at < right ? 1 : 0)));
  await world.db.query(
    `INSERT INTO results (model_id, y_true, y_pred, "timestamp") VALUES ($1, '[1, 1, 1, 1]', $2, $3)`,
    [modelNamed(n), y_pred, minutesAgo(minutes)],
  );
  await models.run(n, minutesAgo(minutes));
};

/** What a receiver gets now. */
const told = async () => {
  const titles: string[] = [];
  const channel: Channel = {
    name: 'it',
    min_severity: 'warning',
    send: async ({ title }: Notice) => `${titles.push(title)}`,
    close: () => {},
  };
  await deliver({ db: world.db, channels: [channel], publicUrl: null }, Date.now() + 10_000);
  return titles;
};
const bad = `WARNING: accuracy of ${modelNamed(1)} is 0.5`;
const good = `OK: accuracy of ${modelNamed(1)} is 1 again`;

test('a rule fires with the run that breaks it, is seen everywhere, and clears with the run that mends it', async () => {
  expect(await put('low', { ...low, severity: 'critical' })).toMatchObject({
    status: 201,
    body: { state: 'ok' },
  });
  await run(2, 30);
  const { body } = await call('listAlerts', {});
  expect(body).toMatchObject({
    items: [
      {
        rule: 'low',
        state: 'firing',
        severity: 'critical',
        facts: { value: 0.5, threshold: 0.8, n_samples: 4 },
      },
    ],
    counts: { firing: 1 },
  });
  expect(await models.result(1)).toMatchObject({ alerts: [{ rule: 'low', severity: 'critical' }] });
  await run(4, 20);
  expect(await models.result(1)).toMatchObject({ alerts: [] });
  expect(await told()).toEqual([bad.replace('WARNING', 'CRITICAL'), good]);
  const { notifications } = (await call('getAlerts', { model_id: modelNamed(1) })).body;
  expect(notifications).toMatchObject([
    { kind: 'resolved', deliveries: [{ channel: 'it', state: 'sent' }] },
    { kind: 'firing' },
  ]);
});

test('a new rule looks at the newest run at once; a rule that is removed or off ends its alert, and says so', async () => {
  await run(2, 30);
  expect(await put('low', low)).toMatchObject({ status: 201, body: { state: 'firing' } });
  expect(await put('low', { ...low, enabled: false })).toMatchObject({ status: 200, body: { state: 'ok' } });
  await put('low', low);
  expect(await call('deleteRule', ofRule('low'))).toMatchObject({ status: 204 });
  expect(await call('deleteRule', ofRule('low'))).toMatchObject({ status: 404 });
  const over = `OK: ${modelNamed(1)} has no rule "low" any more`;
  expect(await told()).toEqual([bad, over, bad, over]);
});

test('rules that every model has can be turned off, or be of another severity', async () => {
  await world.db.query(`INSERT INTO results (model_id, y_true, y_pred) VALUES ($1, '{}', '[1]')`, [
    modelNamed(1),
  ]);
  await models.run(1, minutesAgo(5));
  expect(await models.result(1)).toMatchObject({ alerts: [{ rule: 'invalid_data', severity: 'critical' }] });
  await put('invalid_data', { severity: 'warning' });
  expect(await models.result(1)).toMatchObject({ alerts: [{ rule: 'invalid_data', severity: 'warning' }] });
  await put('invalid_data', { enabled: false });
  expect(await models.result(1)).toMatchObject({ alerts: [] });
  await models.run(1, minutesAgo(4));
  expect(await models.result(1)).toMatchObject({ alerts: [] });
});

test("a rule of a tag is in force for its models, and gives way to a model's own", async () => {
  await models.post(2, { cron_expression: '0 0 1 1 *', tags: ['production'] });
  await models.post(3, { cron_expression: '0 0 1 1 *' });
  await call('putTagRule', { tag: 'production', rule: 'low' }, low);
  await call('putRule', ofRule('low', 2), { ...low, below: 0.3 });
  for (const n of [1, 2, 3]) await run(2, 30, n);
  const { items } = (await call('listAlerts', {})).body;
  expect(items).toMatchObject([{ model_id: modelNamed(1), rule: 'low' }]);
  const [, low1] = (await call('getAlerts', { model_id: modelNamed(1) })).body.rules;
  expect(low1).toMatchObject({ rule: 'low', source: 'tag', tag: 'production', state: 'firing' });
  await models.patch(1, { tags: [] });
  expect((await call('listAlerts', {})).body.items).toEqual([]);
  await models.patch(1, { tags: ['production'] });
  await run(2, 20);
  expect((await call('listAlerts', {})).body.items).toHaveLength(1);
  expect((await call('deleteTagRule', { tag: 'production', rule: 'low' })).status).toBe(204);
  expect((await call('listAlerts', {})).body.items).toEqual([]);
});

test.each([
  [{ metric: 'f1', below: 0.8 }, 'metric', 'is not computed by the schedule: choose one of accuracy'],
  [{ below: 0.8 }, 'metric', 'is required'],
  [{ metric: 'accuracy' }, 'below', 'or above is required'],
  [{ metric: 'accuracy', below: 0.8, above: 0.9 }, 'below', 'not both'],
  [{ metric: 'accuracy', below: 0 }, 'below', 'can never fire: accuracy is from 0 to 1'],
  [{ metric: 'accuracy', below: 1.5 }, 'below', 'can never clear: accuracy is from 0 to 1'],
  [{ metric: 'accuracy', below: 0.8, clear: 1.1 }, 'clear', 'can never clear'],
  [{ metric: 'accuracy', below: 0.8, clear: 0.7 }, 'clear', 'must be at least 0.8'],
  [{ metric: 'accuracy', above: 0.8, clear: 0.9 }, 'clear', 'must be at most 0.8'],
  [{ metric: 'accuracy', below: 'baseline' }, 'by', 'is required: how far from the baseline'],
  [{ metric: 'accuracy', below: 'mean', by: 0.1 }, 'last', 'goes with "mean"'],
  [{ metric: 'accuracy', below: 0.8, by: 0.1 }, 'by', 'not with a number'],
  [{ ...low, for: { of: 2, at_least: 3 } }, 'for.at_least', 'must be at most 2'],
  [{ ...low, segment: { a: 'b', c: 'd' } }, 'segment', 'one name with its value'],
  [
    { ...low, segment: { country: 'DE' } },
    'segment',
    'is no segment of the schedule: add it to its segments',
  ],
  [{ ...low, segment: { country: '\0' } }, 'segment.country', 'must have no NUL'],
  [{ metric: 'accuracy', below: 'baseline', by: 5 }, 'by', 'can never fire'],
  [{ metric: 'accuracy', below: 'baseline', by: 0, clear: -5 }, 'clear', 'can never clear'],
  [{ ...low, metric: 'accuracy_\0' }, 'metric', 'must have no NUL'],
  [{ ...low, colour: 'red' }, 'colour', 'is not a field'],
])('the rule %j is refused, and it says what would be right', async (definition, path, message) => {
  const { status, body } = await put('it', definition);
  expect([status, body.errors?.[0]]).toEqual([400, { path, message: expect.stringContaining(message) }]);
});

test('a rule that every model has takes no condition of its own', async () => {
  expect((await put('missed', low)).body.errors).toMatchObject([{ path: 'metric' }, { path: 'below' }]);
  expect((await put('Low!', low)).status).toBe(400);
  expect((await call('putRule', ofRule('low', 9), low)).status).toBe(404);
});

test('while an alert is snoozed nobody is told; what is still so afterwards is told then', async () => {
  await put('low', low);
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const snooze = await call('snoozeAlert', ofRule('low'), { until, note: 'retraining' });
  expect(snooze).toMatchObject({ status: 200, body: { snoozed_until: until, snooze_note: 'retraining' } });
  await run(2, 50);
  await run(4, 40); // over before anybody was to be told
  await run(2, 30);
  expect(await told()).toEqual([]);
  await call('snoozeAlert', ofRule('low'), { until: null });
  expect(await told()).toEqual([bad]);
  const { notifications } = (await call('getAlerts', { model_id: modelNamed(1) })).body;
  expect(notifications.map(({ state }: { state: string }) => state)).toEqual([
    'routed',
    'dropped',
    'dropped',
  ]);
});

test('in a maintenance window nobody is told, of its model or tag alone; what is still so at its end is told then', async () => {
  await models.post(2, { cron_expression: '0 0 1 1 *' });
  for (const n of [1, 2]) await call('putRule', ofRule('low', n), low);
  const around = { starts_at: minutesAgo(10), ends_at: new Date(Date.now() + 3_600_000), note: 'move' };
  const { status, body } = await call('addMaintenance', {}, { ...around, tag: 'production' });
  expect(status).toBe(201);
  for (const n of [1, 2]) await run(2, 30, n);
  expect(await told()).toEqual([bad.replace(modelNamed(1), modelNamed(2))]);
  expect((await call('deleteMaintenance', { id: String(body.id) })).status).toBe(204);
  expect((await call('deleteMaintenance', { id: String(body.id) })).status).toBe(404);
  expect(await told()).toEqual([bad]);
  const wrong = await call('addMaintenance', {}, { ...around, ends_at: minutesAgo(20) });
  expect(wrong.body.errors).toMatchObject([{ path: 'ends_at', message: 'must be after starts_at' }]);
});

test('a model that has missed fires when it loses the tag that kept it quiet, though no run comes', async () => {
  await call('putTagRule', { tag: 'production', rule: 'missed' }, { enabled: false });
  await world.db.query('UPDATE model_states SET missed_at = now()');
  expect((await call('listAlerts', {})).body.items).toEqual([]);
  await models.patch(1, { tags: [] });
  expect((await call('listAlerts', {})).body.items).toMatchObject([{ rule: 'missed' }]);
});

test('each of a snooze and of several maintenance windows holds, whichever is ended or added first', async () => {
  await put('low', low);
  const hours = (from: number, to: number) => ({
    starts_at: new Date(Date.now() + from * 3_600_000),
    ends_at: new Date(Date.now() + to * 3_600_000),
    note: 'move',
  });
  const add = async (from: number, to: number): Promise<string> =>
    String((await call('addMaintenance', {}, hours(from, to))).body.id);
  const [long, short] = [await add(-1, 2), await add(-1, 1)];
  await run(2, 50);
  await call('snoozeAlert', ofRule('low'), { until: null });
  expect(await told()).toEqual([]);
  await call('deleteMaintenance', { id: long });
  expect(await told()).toEqual([]);
  await add(-1, 3);
  await call('deleteMaintenance', { id: short });
  expect(await told()).toEqual([]);
  await world.db.query(`UPDATE alert_notifications SET held_until = now() - interval '1 second'`);
  expect(await told()).toEqual([]); // the window that was added since then
  await world.db.query(`UPDATE maintenance_windows SET ends_at = now() - interval '1 second'`);
  await world.db.query(`UPDATE alert_notifications SET held_until = now() - interval '1 second'`);
  expect(await told()).toEqual([bad]);
});

test('an alert ends, and it is told, when its metric is computed no more and when its schedule goes', async () => {
  await put('low', low);
  await run(2, 50);
  await models.patch(1, { metrics: ['f1'] });
  await run(2, 40);
  expect((await call('listAlerts', {})).body.items).toEqual([]);
  await models.patch(1, { metrics: ['accuracy'] });
  await run(2, 30);
  await world.db.query('DELETE FROM metrics_executions');
  const over = `OK: ${modelNamed(1)} has no rule "low" any more`;
  expect(await told()).toEqual([bad, over, bad, over]);
});

test('the mean of the largest numbers overflows nothing: it is judged by, and the run is recorded', async () => {
  await models.patch(1, { task: 'regression', metrics: ['max_error'] });
  await put('wild', { metric: 'max_error', above: 'mean', last: 4, by: 1 });
  for (const minutes of [50, 40, 30]) {
    await world.db.query(
      `INSERT INTO results (model_id, y_true, y_pred, "timestamp") VALUES ($1, '[0, 0]', '[1.7e308, 1.7e308]', $2)`,
      [modelNamed(1), minutesAgo(minutes)],
    );
    expect(await models.run(1, minutesAgo(minutes))).toMatchObject({ status: 'ok' });
  }
  await put('wild', { metric: 'max_error', above: 'mean', last: 2, by: -1 });
  expect(await told()).toEqual([`WARNING: max_error of ${modelNamed(1)} is 1.7e+308`]);
});

test('rules, snoozes and the schedule may change at once: each call is answered with what it did', async () => {
  for (let round = 0; round < 10; round++) {
    await models.post(2, { cron_expression: '0 0 1 1 *' });
    const answers = await Promise.all([
      call('putRule', ofRule('low', 2), low),
      call('deleteRule', ofRule('low', 2)),
      call('putRule', ofRule('low', 2), { ...low, below: 0.7 }),
      call('snoozeAlert', ofRule('missed', 2), { until: null }),
      removeSchedule(world, modelNamed(2)).then(() => ({ status: 204 })),
    ]);
    for (const { status } of answers) expect([200, 201, 204, 404]).toContain(status);
  }
});

test('each change is in the audit with the name of who made it, and what repeats is not', async () => {
  await put('low', low);
  await put('low', low);
  await put('low', { ...low, below: 0.7 });
  await call('snoozeAlert', ofRule('low'), { until: '2030-01-01T00:00:00Z' });
  await call('deleteRule', ofRule('low'));
  const { items } = (await call('listAudit', {})).body;
  expect(items).toMatchObject([
    { action: 'delete rule', before: { below: 0.7 }, caller: 'local', model_id: modelNamed(1), rule: 'low' },
    { action: 'snooze', after: { until: expect.stringContaining('2030-01-01') } },
    { action: 'put rule', before: { below: 0.8 }, after: { below: 0.7 } },
    { action: 'put rule', before: null, after: { below: 0.8 } },
  ]);
});

test('a rule is tried over the runs that there are as it would have gone with each of them', async () => {
  const rights = [4, 2, 2, 3, 4, 4, 2, 4, 1];
  for (const [at, right] of rights.entries()) await run(right, 100 - 10 * at);
  const attempt = async (definition: object) => (await call('tryRule', ofRule('it'), definition)).body;
  expect(await attempt(low)).toMatchObject({
    fired: 3,
    times: [
      { fired_at: minutesAgo(90).toISOString(), ended_at: minutesAgo(60).toISOString() },
      { fired_at: minutesAgo(40).toISOString(), ended_at: minutesAgo(30).toISOString() },
      { fired_at: minutesAgo(20).toISOString(), ended_at: null },
    ],
  });
  expect(await attempt({ ...low, for: { of: 3, at_least: 2 } })).toMatchObject({ fired: 2 });
  expect(await attempt({ ...low, below: 0.2 })).toMatchObject({ fired: 0, times: [] });
  expect((await call('tryRule', ofRule('missed'), {})).status).toBe(400);
  expect(await told()).toEqual([]);
});

test('a test goes to each channel, and what each said is answered', async () => {
  const channel = (name: string, send: Channel['send']): Channel => ({
    name,
    min_severity: 'warning',
    send,
    close: () => {},
  });
  const channels = [
    channel('good', async ({ kind }) => `${kind} taken`),
    channel('bad', async () => Promise.reject(new Undelivered('answered 500'))),
    channel('broken', async () => Promise.reject(new Error('password=hunter2'))),
  ];
  const handler = httpHandler(testAlertsRoute, async () => testAlerts({ channels, publicUrl: null }));
  const send = async (query = {}) =>
    bodyOf(await handler(eventOf({ query, headers: { 'content-type': 'application/json' } })));
  expect((await send()).channels).toMatchObject([
    { channel: 'good', ok: true, answer: 'test taken' },
    { channel: 'bad', ok: false, answer: 'answered 500' },
    { channel: 'broken', ok: false, answer: 'failed' },
  ]);
  expect((await send({ channel: 'good' })).channels).toHaveLength(1);
  expect((await send({ channel: 'none' })).detail).toBe(
    'there is no such channel; there are good, bad, broken',
  );
});
