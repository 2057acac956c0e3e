import { deliver } from '../../lib/alerts/deliver';
import { type Channel, Undelivered } from '../../lib/channels/channel';
import { openChannels } from '../../lib/channels/channels';
import { openReceiver, type Receiver, status } from '../channels/receiver';
import { openStores, type Stores } from '../setup/stores';
import { modelNamed } from '../setup/world';

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

let stores: Stores;
let receiver: Receiver;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  await stores.db.query('TRUNCATE alert_notifications, alert_deliveries, metrics_executions CASCADE');
  receiver = await openReceiver();
});
afterEach(() => receiver.close());

/** Transitions of some alerts, as their runs wrote them. */
const fire = (alerts: number, transitions = 1, severity = 'warning') =>
  stores.db.query(
    `INSERT INTO alert_notifications (alert_id, transition, model_id, rule, kind, severity, facts)
      SELECT alert, transition, $3, 'missed', CASE transition % 2 WHEN 1 THEN 'firing' ELSE 'resolved' END, $4,
        '{"fired_at": null, "rule": {}}'
      FROM generate_series(1, $2::int) AS transition, generate_series(1, $1::int) AS alert`,
    [alerts, transitions, modelNamed(1), severity],
  );

const hook = (name: string, url = receiver.url, timeoutMs = 5000): Channel => {
  const settings = JSON.stringify([{ name, type: 'webhook', url, secret }]);
  return openChannels(settings, { allowed: ['127.0.0.1'], timeoutMs })[0] as Channel;
};

const told = async (...channels: Channel[]) => {
  const outcome = await deliver({ db: stores.db, channels, publicUrl: null }, Date.now() + 60_000);
  for (const channel of channels) channel.close();
  return outcome;
};

const states = (channel = 'it') =>
  stores.db.query<{ state: string; count: number; attempts: number; error: string | null }>(
    `SELECT state, count(*)::int, max(attempts) AS attempts, max(error) AS error FROM alert_deliveries
      WHERE channel = $1 GROUP BY state ORDER BY state`,
    [channel],
  );

/** What is stored moves into the past, as if so many seconds had gone by. */
const secondsPass = (seconds: number) =>
  stores.db.query(
    `UPDATE alert_deliveries SET next_attempt_at = next_attempt_at - $1 * interval '1 second' WHERE state = 'waiting'`,
    [seconds],
  );

const ids = () => receiver.received.map(({ headers }) => headers['webhook-id']);

/** The transitions of each alert in the order in which they came. */
const orders = () => {
  const orders = new Map<string, string[]>();
  for (const { body } of receiver.received) {
    const { data, type } = JSON.parse(body);
    orders.set(data.alert_id, [...(orders.get(data.alert_id) ?? []), type]);
  }
  return [...orders.values()];
};

test('each notification comes once, those of one alert in their order, also when many deliver at once', async () => {
  await fire(100, 4);
  await Promise.all(Array.from({ length: 4 }, () => told(hook('it'))));
  await told(hook('it'));
  expect(new Set(ids()).size).toBe(400);
  expect(receiver.received).toHaveLength(400);
  const order = ['alert.firing', 'alert.resolved', 'alert.firing', 'alert.resolved'];
  expect(orders()).toEqual(Array(100).fill(order));
  expect(await states()).toEqual([{ state: 'sent', count: 400, attempts: 1, error: null }]);
});

test('who was told of an alert is told of its end, though it is of another severity by then', async () => {
  const channels = () => [hook('all'), { ...hook('critical'), min_severity: 'critical' as const }];
  await fire(2);
  await stores.db.query(`UPDATE alert_notifications SET severity = 'critical' WHERE alert_id = 2`);
  await told(...channels());
  await stores.db.query(
    `INSERT INTO alert_notifications (alert_id, transition, model_id, rule, kind, severity, facts)
      SELECT alert_id, 2, model_id, rule, 'resolved', CASE alert_id WHEN 1 THEN 'critical' ELSE 'warning' END, facts
      FROM alert_notifications`,
  );
  await told(...channels());
  const sent = await stores.db.query(
    `SELECT alert_id::int, count(*)::int FROM alert_deliveries WHERE channel = 'critical' AND state = 'sent' GROUP BY 1`,
  );
  expect(sent).toEqual([{ alert_id: 2, count: 2 }]);
  expect(await states('all')).toMatchObject([{ state: 'sent', count: 4 }]);
});

test('what waits for a channel that is taken out is given up, and says why', async () => {
  receiver.answer(status(500));
  await fire(3);
  await told(hook('old'));
  expect(await states('old')).toMatchObject([{ state: 'waiting', count: 3 }]);
  await told(hook('it'));
  const error = 'there is no such channel any more';
  expect(await states('old')).toMatchObject([{ state: 'dead', count: 3, error }]);
});

test('a receiver that is down for an hour gets each notification once it is back, in order', async () => {
  await fire(3, 2);
  receiver.answer(status(503));
  let attempts = 0;
  for (let passed = 0; passed < 3600; passed += 60) {
    attempts += (await told(hook('it'))).it?.failed ?? 0;
    await secondsPass(60);
  }
  expect(attempts).toBe(3 * 6); // at once, and after 10 s, 30 s, 90 s, 4.5 min, 13.5 min
  receiver.received.length = 0;
  receiver.answer(status(204));
  await secondsPass(3600);
  await told(hook('it'));
  expect(orders()).toEqual(Array(3).fill(['alert.firing', 'alert.resolved']));
  expect(await states()).toMatchObject([{ state: 'sent', count: 6, error: null }]);
});

test('one that never takes it makes a dead letter after two days, which says why; the next of the alert is tried then', async () => {
  await fire(1, 2);
  receiver.answer(status(500));
  for (let hour = 0; hour < 24 * 3; hour++) {
    await told(hook('it'));
    await secondsPass(3600);
  }
  expect(await states()).toEqual([
    { state: 'dead', count: 1, attempts: 11, error: 'answered 500' },
    expect.objectContaining({ state: 'waiting', count: 1, error: 'answered 500' }),
  ]);
});

test('a channel that hangs holds up no other', async () => {
  await fire(200);
  const sent: string[] = [];
  let release = () => {};
  const hang = new Promise<void>((resolve) => {
    release = resolve;
  });
  const fast: Channel = {
    name: 'fast',
    min_severity: 'warning',
    send: async ({ id }) => `${sent.push(id)}`,
    close: () => {},
  };
  const hanging: Channel = {
    name: 'hanging',
    min_severity: 'warning',
    send: async () => {
      await hang;
      throw new Undelivered('no answer in 10000 ms');
    },
    close: () => {},
  };
  const both = told(hanging, fast);
  while (sent.length < 200) await new Promise(setImmediate);
  release();
  expect(await both).toEqual({ hanging: { sent: 0, failed: 40 }, fast: { sent: 200, failed: 0 } });
});

test("a redirect to the address of a cloud's secrets is not followed, and counts as undelivered", async () => {
  await fire(1);
  receiver.answer(status(302, { location: 'http://169.254.169.254/latest/meta-data/' }));
  await told(hook('it'));
  expect(await states()).toEqual([
    { state: 'waiting', count: 1, attempts: 1, error: 'answered 302: redirects are not followed' },
  ]);
});

test('what was sent by a process that died before it could say so comes again, with the same id', async () => {
  await fire(1, 2);
  const dying: Stores['db'] = {
    ...stores.db,
    query: (text, ...rest) =>
      text.startsWith('-- Notes how an attempt')
        ? Promise.reject(new Error('killed'))
        : stores.db.query(text, ...rest),
  };
  const channel = hook('it');
  await expect(
    deliver({ db: dying, channels: [channel], publicUrl: null }, Date.now() + 1000),
  ).rejects.toThrow('killed');
  channel.close();
  expect(ids()).toHaveLength(1);
  await told(hook('it'));
  expect(ids()).toHaveLength(1); // another one may still be at it
  await secondsPass(60);
  await told(hook('it'));
  const [first, again, next] = ids();
  expect(ids()).toHaveLength(3);
  expect([again, next]).toEqual([first, expect.not.stringMatching(first as string)]);
});

test('a channel gets what is severe enough; one that comes later, what is new then', async () => {
  await fire(2, 1, 'warning');
  await stores.db.query("UPDATE alert_notifications SET severity = 'critical' WHERE alert_id = 1");
  await told({ ...hook('all') }, { ...hook('critical'), min_severity: 'critical' });
  await told(hook('later'));
  expect(await states('all')).toMatchObject([{ state: 'sent', count: 2 }]);
  expect(await states('critical')).toMatchObject([{ state: 'sent', count: 1 }]);
  expect(await states('later')).toEqual([]);
});

test('what is held is not told before its time', async () => {
  await fire(1);
  await stores.db.query("UPDATE alert_notifications SET held_until = now() + interval '1 hour'");
  await told(hook('it'));
  expect(receiver.received).toEqual([]);
  await stores.db.query('UPDATE alert_notifications SET held_until = now()');
  await told(hook('it'));
  expect(receiver.received).toHaveLength(1);
});

test('10,000 alerts that fire together are all told', async () => {
  await fire(10_000);
  const began = performance.now();
  let sent = 0;
  for (let more = 1; more > 0; sent += more) {
    const { it } = await told(hook('it')); // which takes half a minute at most
    expect(it?.failed ?? 0).toBe(0);
    more = it?.sent ?? 0;
  }
  expect(sent).toBe(10_000);
  if (process.env.ALERT_TIMES) console.info(`10,000 in ${Math.round(performance.now() - began)} ms`);
  expect(new Set(ids()).size).toBe(10_000);
});
