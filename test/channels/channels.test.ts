import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { type Notification, noticeOf } from '../../lib/alerts/notice';
import { ruleSchema } from '../../lib/alerts/rule';
import { mayCall } from '../../lib/channels/address';
import { openChannels, readChannels } from '../../lib/channels/channels';
import { openReceiver, type Receiver, status } from './receiver';

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

const notification: Notification = {
  id: 12,
  attempts: 1,
  alert_id: 3,
  model_id: '550e8400-e29b-41d4-a716-446655440000',
  name: 'Fraud <Europe> & more',
  rule: 'f1-low',
  kind: 'firing',
  severity: 'critical',
  at: new Date('2026-03-01T12:00:05Z'),
  facts: {
    rule: ruleSchema.parse({
      metric: 'f1_macro',
      below: 0.8,
      severity: 'critical',
      for: { of: 3, at_least: 2 },
    }),
    fired_at: '2026-03-01T12:00:00+00:00',
    value: 0.71234,
    low: 0.68,
    high: 0.74,
    threshold: 0.8,
    n_samples: 1200,
    broken: 2,
  },
};
const notice = noticeOf(notification, 'https://metrics.example/');

let receiver: Receiver;
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(() => receiver.close());

const open = (settings: object, allowed = ['127.0.0.1'], timeoutMs = 5000) => {
  const [channel] = openChannels(JSON.stringify([{ name: 'it', ...settings }]), { allowed, timeoutMs });
  return channel as NonNullable<typeof channel>;
};
const hook = (url = receiver.url, ...options: [string[]?, number?]) =>
  open({ type: 'webhook', url, secret }, ...options);

const sendOn = async (channel: ReturnType<typeof open>) => {
  try {
    return await channel.send(notice);
  } catch (error) {
    return (error as Error).message;
  } finally {
    channel.close();
  }
};

test('a webhook is signed so that the verifier of Standard Webhooks accepts it, and another secret does not', async () => {
  expect(await sendOn(hook())).toBe('answered 204');
  const [{ headers, body }] = receiver.received as [Receiver['received'][number]];
  expect(headers['webhook-id']).toBe('cyclic-12');
  const signed = headers as Record<string, string>;
  expect(new Webhook(secret).verify(body, signed)).toMatchObject({
    type: 'alert.firing',
    data: {
      model_name: notification.name,
      rule: 'f1-low',
      value: 0.71234,
      threshold: 0.8,
      n_samples: 1200,
      since: '2026-03-01T12:00:00.000Z',
      url: 'https://metrics.example/#/models/550e8400-e29b-41d4-a716-446655440000',
    },
  });
  const other = new Webhook(`whsec_${Buffer.alloc(24, 8).toString('base64')}`);
  expect(() => other.verify(body, signed)).toThrow('No matching signature found');
});

test('Slack gets the words with its three special characters escaped, and a link', async () => {
  expect(await sendOn(open({ type: 'slack', url: receiver.url }))).toBe('answered 204');
  const { text, blocks } = JSON.parse(receiver.received[0]?.body as string);
  expect(text).toBe('CRITICAL: f1_macro of Fraud <Europe> & more is 0.7123');
  const [head, lines, link] = blocks.map(({ text }: { text?: { text: string } }) => text?.text);
  expect(head).toBe(':red_circle: *CRITICAL: f1_macro of Fraud &lt;Europe&gt; &amp; more is 0.7123*');
  expect(lines.split('\n')).toEqual([
    '*Model*  Fraud &lt;Europe&gt; &amp; more (550e8400-e29b-41d4-a716-446655440000)',
    '*Rule*  f1-low: f1_macro below 0.8, in 2 of 3 runs',
    '*Value*  0.7123 (95 % interval 0.68 to 0.74)',
    '*Threshold*  0.8',
    '*Samples*  1200',
    '*Since*  2026-03-01 12:00:00 UTC',
  ]);
  expect(link).toContain('<https://metrics.example/#/models/550e8400-e29b-41d4-a716-446655440000|');
});

test('mail arrives at a real SMTP server, with the same Message-ID at each attempt', async () => {
  const mails: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _, done) =>
      username === 'me' && password === 'pass' ? done(null, { user: 'me' }) : done(new Error('no')),
    onData: async (stream, _, done) => {
      mails.push(Buffer.concat(await stream.toArray()).toString());
      done();
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  const mail = (password: string) => ({
    type: 'smtp',
    url: `smtp://me:${password}@127.0.0.1:${port}`,
    from: 'Cyclic Metrics <alerts@metrics.example>',
    to: ['ops@example.com', 'ml@example.com'],
  });
  for (let n = 0; n < 2; n++) expect(await sendOn(open(mail('pass')))).toMatch(/^250 /);
  expect(await sendOn(open(mail('wrong')))).toBe('SMTP: 535');
  server.close();
  expect(mails).toHaveLength(2);
  for (const it of mails) {
    expect(it).toContain('Message-ID: <cyclic-12@metrics.example>');
    expect(it).toContain('To: ops@example.com, ml@example.com');
    expect(it).toContain('Subject: CRITICAL: f1_macro of Fraud <Europe> & more is 0.7123');
    expect(it).toContain('Samples: 1200');
  }
});

test('on recovery it says how long it lasted', () => {
  const resolved = noticeOf(
    {
      ...notification,
      kind: 'resolved',
      at: new Date('2026-03-01T14:30:00Z'),
      facts: { ...notification.facts, value: 0.85 },
    },
    null,
  );
  expect(resolved.title).toBe('OK: f1_macro of Fraud <Europe> & more is 0.85 again');
  expect(resolved.lines).toContainEqual(['Lasted', '3 hours']);
  expect(resolved.data).toMatchObject({ lasted_seconds: 9000, url: null });
});

test.each([
  ['missed', { missed_at: '2026-03-01T11:00:00Z' }, 'WARNING: Fraud has missed a due time', 'Missed'],
  ['invalid_data', { error: 'y_true is no list' }, 'WARNING: Fraud has invalid data', 'Error'],
  [
    'stale_data',
    { data_timestamp: '2026-02-01T11:00:00Z', max_data_age_minutes: 1440 },
    'WARNING: Fraud has stale data',
    'Data from',
  ],
])('%s is told in words', (rule, facts, title, line) => {
  const told = noticeOf(
    {
      ...notification,
      name: 'Fraud',
      rule,
      severity: 'warning',
      facts: { rule: ruleSchema.parse({}), fired_at: null, ...facts },
    },
    null,
  );
  expect(told.title).toBe(title);
  expect(told.lines.map(([name]) => name)).toContain(line);
});

describe('what a receiver may do', () => {
  test('an error is told by its status, without a word of the receiver, or of the address', async () => {
    receiver.answer((response) => void response.writeHead(500).end('token=abc'));
    expect(await sendOn(hook())).toBe('answered 500');
  });

  test('a redirect is not followed, not even to an allowed address', async () => {
    receiver.answer(status(302, { location: 'http://169.254.169.254/latest/meta-data' }));
    expect(await sendOn(hook())).toBe('answered 302: redirects are not followed');
    receiver.answer(status(307, { location: `${receiver.url}/elsewhere` }));
    expect(await sendOn(hook())).toBe('answered 307: redirects are not followed');
    expect(receiver.received.map(({ path }) => path)).toEqual(['/', '/']);
  });

  test('one that does not answer is given up', async () => {
    receiver.answer(() => {});
    expect(await sendOn(hook(receiver.url, ['127.0.0.1'], 50))).toBe('no answer in 50 ms');
  });

  test('one that sends its answer drop by drop is given up as well', async () => {
    receiver.answer((response) => void response.writeHead(200).write('x'));
    expect(await sendOn(hook(receiver.url, ['127.0.0.1'], 50))).toBe('no answer in 50 ms');
  });

  test('one that is away is told by the error alone', async () => {
    receiver.close();
    expect(await sendOn(hook())).toBe('no answer: ECONNREFUSED');
  });
});

describe('addresses', () => {
  test.each([
    '127.0.0.1',
    '127.8.8.8',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '::1',
    '::',
    'fe80::1',
    'fd00:ec2::254',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'not an address',
  ])('%s may not be called', (address) => {
    expect(mayCall(address, [])).toBe(false);
  });

  test.each(['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'])('%s may', (address) => {
    expect(mayCall(address, [])).toBe(true);
  });

  test.each([
    ['10.1.2.3', '10.0.0.0/8', true],
    ['10.1.2.3', '10.1.2.3', true],
    ['11.1.2.3', '10.0.0.0/16', true],
    ['169.254.169.254', '10.0.0.0/8', false],
    ['fd00::1', 'fd00::/8', true],
    ['::1', '127.0.0.1', false],
  ])('%s with WEBHOOK_ALLOW=%s: %s', (address, entry, may) => {
    expect(mayCall(address, [entry])).toBe(may);
  });

  test.each(['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1', '127.1', '[::ffff:127.0.0.1]'])(
    'a URL of %s reaches nothing unless it is allowed',
    async (host) => {
      const channel = hook(`http://${host}:${receiver.port}/`, []);
      expect(await sendOn(channel)).toBe('its address is not public: WEBHOOK_ALLOW may allow it');
      expect(receiver.received).toEqual([]);
    },
  );

  test('a name is allowed by itself, or by the address that it leads to', async () => {
    const url = `http://localhost:${receiver.port}/`;
    expect(await sendOn(hook(url, ['localhost']))).toBe('answered 204');
    expect(await sendOn(hook(url, ['127.0.0.0/8']))).toBe('answered 204');
  });
});

test.each([
  ['{', 'is not valid JSON'],
  [
    '[{"name":"a","type":"webhook","url":"https://x.example","secret":"hunter2"}]',
    '0.secret must be "whsec_"',
  ],
  ['[{"name":"a","type":"slack","url":"ftp://hunter2"}]', '0.url must be a URL'],
  [
    '[{"name":"a","type":"sns","topic_arn":"arn:x"},{"name":"a","type":"sns","topic_arn":"arn:y"}]',
    'the same name',
  ],
])('wrong channels %s are refused, without a secret in the message', (json, message) => {
  expect(() => readChannels(json)).toThrow(message);
  expect(() => readChannels(json)).not.toThrow('hunter2');
});
