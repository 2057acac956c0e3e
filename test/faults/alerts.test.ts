import { createHash } from 'node:crypto';
import { inChildProcesses, ruleFunctions } from '../../localstack/functions';
import type { LambdaEvent } from '../../localstack/lambda/event';
import { type LambdaService, startLambdaService } from '../../localstack/lambda/service';
import { freePort } from '../../localstack/ports';
import endDeliverySql from '../../sql/queries/endDelivery.sql';
import { openReceiver, type Receiver } from '../channels/receiver';
import { until } from '../localstack/lambda/lambda';
import { openStores, type Stores } from '../setup/stores';
import { modelNamed } from '../setup/world';
import { openGate } from './gate';

// The built functions in processes of their own, as `npm start` has them, and real receivers.

let stores: Stores;
let gate: Awaited<ReturnType<typeof openGate>>;
let receiver: Receiver;
let hanging: Receiver;
let inwards: Receiver;
let lambda: LambdaService;
let events: LambdaEvent[];

beforeAll(async () => {
  stores = await openStores();
  gate = await openGate(new URL(stores.databaseUrl));
});
afterAll(async () => {
  gate.close();
  await stores.close();
});
beforeEach(async () => {
  gate.shutWhen(() => false);
  events = [];
  [receiver, hanging, inwards] = await Promise.all([openReceiver(), openReceiver(), openReceiver()]);
});
afterEach(async () => {
  for (const one of [receiver, hanging, inwards]) one.close();
  await lambda.close();
});

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

const start = async (urls: Record<string, string>) => {
  const port = await freePort();
  const channels = Object.entries(urls).map(([name, url]) => ({ name, type: 'webhook', url, secret }));
  const env = {
    DATABASE_URL: gate.url.href,
    REDIS_URL: stores.redisUrl,
    ALERT_CHANNELS: JSON.stringify(channels),
    WEBHOOK_ALLOW: '127.0.0.1',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${port}`,
    NOTIFY_ARN: arnOf('notify'),
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
  lambda = await startLambdaService({
    port,
    closeGraceMs: 0,
    onEvent: (event) => events.push(event),
    functions: {
      notify: ruleFunctions(env).notify as ReturnType<typeof inChildProcesses>,
      computeAccuracy: inChildProcesses('computeAccuracy', { max: 1, env }),
    },
  });
};

const invoke = async (name: string, event: object = {}) => {
  const { functionError, payload } = await lambda.invoke(name, JSON.stringify(event));
  return { functionError, outcome: JSON.parse(payload.toString()) };
};

const environmentOf = (name: string): number => {
  const started = events.filter(
    (event) => event.event === 'environmentStarted' && event.functionName === name,
  );
  return (started.at(-1) as { pid: number }).pid;
};

/** Alerts that began and ceased to fire in turn, as their runs wrote it. */
const fire = (alerts: number, transitions: number) =>
  stores.db.query(
    `INSERT INTO alert_notifications (alert_id, transition, model_id, rule, kind, severity, facts)
      SELECT alert, transition, $3, 'missed', CASE transition % 2 WHEN 1 THEN 'firing' ELSE 'resolved' END, 'warning',
        '{"fired_at": null, "rule": {}}'
      FROM generate_series(1, $2::int) AS transition, generate_series(1, $1::int) AS alert`,
    [alerts, transitions, modelNamed(1)],
  );

const secondsPass = (seconds: number) =>
  stores.db.query(
    `UPDATE alert_deliveries SET next_attempt_at = next_attempt_at - $1 * interval '1 second' WHERE state = 'waiting'`,
    [seconds],
  );

const deliveries = () =>
  stores.db.query<{ channel: string; state: string; error: string | null; count: number }>(
    'SELECT channel, state, max(error) AS error, count(*)::int FROM alert_deliveries GROUP BY 1, 2 ORDER BY 1, 2',
  );

/** What a receiver makes of it that forgets repeats by their id: the transitions of each alert, as they came. */
const known = ({ received }: Receiver) => {
  const seen = new Set<string>();
  const alerts = new Map<string, string[]>();
  for (const { headers, body } of received) {
    const id = headers['webhook-id'] as string;
    if (seen.has(id)) continue;
    seen.add(id);
    const { data, type } = JSON.parse(body);
    alerts.set(data.alert_id, [...(alerts.get(data.alert_id) ?? []), type]);
  }
  return [...alerts.values()];
};

const inTurn = (transitions: number) =>
  Array.from({ length: transitions }, (_, n) => (n % 2 === 0 ? 'alert.firing' : 'alert.resolved'));

const clear = () =>
  stores.db.query('TRUNCATE alert_notifications, alert_deliveries, metrics_executions, results CASCADE');
beforeEach(clear);

test('notify killed between sending and marking, again and again: a receiver that forgets repeats sees each transition once, in order', async () => {
  await start({ it: receiver.url });
  await fire(5, 4);
  const name = createHash('sha1').update(endDeliverySql).digest('hex');
  for (let marked = 0; marked < 6; marked++) {
    let seen = 0;
    const held = gate.shutWhen((bytes, to) => to === 'server' && bytes.includes(name) && ++seen > marked);
    const ended = invoke('notify');
    await held;
    process.kill(environmentOf('notify'), 'SIGKILL');
    expect((await ended).functionError).toBe(true);
    gate.shutWhen(() => false);
    await secondsPass(60);
  }
  expect((await invoke('notify')).functionError).toBe(false);
  expect(await deliveries()).toEqual([{ channel: 'it', state: 'sent', error: null, count: 20 }]);
  expect(receiver.received.length).toBeGreaterThan(20);
  expect(known(receiver)).toEqual(Array(5).fill(inTurn(4)));
});

test('nobody listens for an hour: each notification comes afterwards, once and in order', async () => {
  await start({ it: receiver.url });
  await fire(3, 2);
  receiver.close();
  for (let passed = 0; passed < 3600; passed += 60) {
    expect(await invoke('notify')).toMatchObject({ functionError: false, outcome: { it: { sent: 0 } } });
    await secondsPass(60);
  }
  expect(await deliveries()).toMatchObject([
    { state: 'waiting', error: 'no answer: ECONNREFUSED', count: 6 },
  ]);
  receiver = await openReceiver(receiver.port);
  await secondsPass(3600);
  expect(await invoke('notify')).toMatchObject({ outcome: { it: { sent: 6, failed: 0 } } });
  expect(receiver.received).toHaveLength(6);
  expect(known(receiver)).toEqual(Array(3).fill(inTurn(2)));
});

test('a receiver that hangs holds up no run and no other channel, and one that redirects inwards is not followed', async () => {
  const gone: string[] = [];
  hanging.answer((response) => void response.once('close', () => gone.push('hanging')));
  inwards.answer((response) => void response.writeHead(307, { location: 'http://169.254.169.254/' }).end());
  await start({ fast: receiver.url, hanging: hanging.url, inwards: inwards.url });
  await stores.db.query(
    `WITH schedules AS (
      INSERT INTO metrics_executions (model_id, cron_expression)
      SELECT id, '* * * * *' FROM unnest($1::uuid[]) AS id RETURNING model_id
    ) INSERT INTO results (model_id, y_true, y_pred) SELECT model_id, '[1]', '[1, 2]' FROM schedules`,
    [[1, 2, 3].map(modelNamed)],
  );
  for (const n of [1, 2, 3]) {
    const scheduled_time = new Date().toISOString();
    const run = await invoke('computeAccuracy', { model_id: modelNamed(n), scheduled_time });
    expect(run.outcome).toMatchObject({ status: 'invalid_data' });
    await until(() => receiver.received.length === n);
    await until(() => hanging.received.length > 0);
  }
  expect(gone).toEqual([]); // the first attempt still hangs
  await until(() => inwards.received.length === 3);
  const error = 'answered 307: redirects are not followed';
  const told = async () => (await deliveries()).filter(({ channel }) => channel !== 'hanging');
  for (let seen = await told(); seen[1]?.error !== error || seen[0]?.state !== 'sent'; ) seen = await told();
  expect(await told()).toMatchObject([
    { channel: 'fast', state: 'sent', count: 3 },
    { channel: 'inwards', state: 'waiting', count: 3 },
  ]);
});
