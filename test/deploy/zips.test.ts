import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateScheduleGroupCommand, GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { fromHosts } from '../../localstack/access';
import { type LambdaService, startLambdaService } from '../../localstack/lambda/service';
import { startSchedulerApi } from '../../localstack/scheduler/api';
import { httpEvent, ruleEvent } from './events';
import { configurations, folder, packageAll, type Resource, removeFolder, type Template } from './package';
import { startTlsStores } from './tlsStores';
import { resolveVariables } from './variables';

const runtimeTool = process.env.LAMBDA_RUNTIME_TOOL;
const token = 'cm_test';
const hash = createHash('sha256').update(token).digest('hex');

let packaged: Template;
let names: string[];
const zip = (name: string) => join(folder, 'package', `${name}.zip`);
const unpacked = (name: string) => join(folder, 'unpacked', name);

beforeAll(async () => {
  packaged = await packageAll({ ...configurations.url, API_TOKENS: `test:write:${hash}` });
  names = readdirSync(join(folder, 'package')).flatMap((file) => /^(\w+)\.zip$/.exec(file)?.[1] ?? []);
  for (const name of names) {
    mkdirSync(unpacked(name), { recursive: true });
    execFileSync('unzip', ['-q', zip(name), '-d', unpacked(name)]);
  }
});
afterAll(removeFolder);

test('every zip is below 1 MB and has the bundle, no source map, and nothing else', () => {
  for (const name of names) {
    expect([name, statSync(zip(name)).size < 1024 * 1024]).toEqual([name, true]);
    const files = readdirSync(unpacked(name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
      .sort();
    const migrations = name === 'migrate' ? readdirSync('sql/migrations') : [];
    expect([name, files]).toEqual([name, [...migrations, `${name}.js`].sort()]);
  }
});

const model = '550e8400-e29b-41d4-a716-446655440000';
const get = (path: string, template = path.split('?')[0] as string) =>
  httpEvent('GET', path, template, token);
const minutesAgo = (n: number) => `${new Date(Date.now() - n * 60_000).toISOString().slice(0, 17)}00Z`;

/** One event of each function, in an order that makes sense, and what it answers. */
const invokes: [string, unknown, unknown][] = [
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
  ['overview', get('/overview'), 200],
  ['exposeMetrics', get('/metrics'), 200],
  ['listSchedules', get('/schedule'), 200],
  ['getSchedule', get(`/schedule/${model}`, '/schedule/{model_id}'), 200],
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
  ['prune', ruleEvent, { old: 0, many: 0, months: 0, labels: 0 }],
  ['deleteSchedule', httpEvent('DELETE', `/schedule/${model}`, '/schedule/{model_id}', token), 204],
  ['dashboard', get('/'), 200],
  ['openapi', get('/openapi.json'), 200],
  ['notFound', get('/nothing'), 404],
];

const describeWithRuntime = runtimeTool ? describe : describe.skip;

describeWithRuntime(
  "unpacked, under AWS's runtime client, with stores behind TLS and passwords in secrets",
  () => {
    const secrets: Record<string, string> = {};
    let stores: Awaited<ReturnType<typeof startTlsStores>>;
    let scheduler: Awaited<ReturnType<typeof startSchedulerApi>>;
    let schedulerClient: SchedulerClient;
    let lambda: LambdaService;
    let client: LambdaClient;
    const children = new Map<string, ChildProcess>();
    const printed = new Map<string, string>();
    const region = 'eu-west-1';
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

    const secretsManager = createServer(async (request, response) => {
      const { SecretId } = JSON.parse(Buffer.concat(await request.toArray()).toString());
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(JSON.stringify({ ARN: SecretId, Name: SecretId, SecretString: secrets[SecretId] }));
    });

    beforeAll(async () => {
      stores = await startTlsStores('first');
      secrets['arn:database'] = JSON.stringify({ username: 'postgres', password: 'first' });
      secrets['arn:app'] = JSON.stringify({ username: 'app', password: 'of the app' });
      secrets['arn:read'] = 'of the reader';
      secrets['arn:redis'] = 'first';
      scheduler = await startSchedulerApi({ region });
      schedulerClient = new SchedulerClient({ region, credentials, endpoint: scheduler.url });
      await schedulerClient.send(new CreateScheduleGroupCommand({ Name: 'cyclic-metrics-prod' }));
      await new Promise<void>((done) => secretsManager.listen(0, '127.0.0.1', done));
      const functions = Object.fromEntries(
        [...names, 'withoutCa'].map((name) => [name, { timeoutMs: 29_000 }]),
      );
      // AWS's runtime client takes no secret: it is known by where it comes from.
      const runtimeAccess = { admit: fromHosts('localhost') };
      lambda = await startLambdaService({ functions, region, runtimeAccess, closeGraceMs: 0 });
      client = new LambdaClient({ region, credentials, endpoint: lambda.url, maxAttempts: 1 });
    });

    afterAll(async () => {
      for (const child of children.values()) child.kill('SIGKILL');
      client.destroy();
      await lambda.close();
      await scheduler.close();
      secretsManager.closeAllConnections();
      secretsManager.close();
      await stores.stop();
    });

    /** The template's variables, with what only AWS or the user knows; the user has set the roles of PostgreSQL. */
    const variables = (name: string, more: Record<string, string>) => {
      const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`;
      const { Variables } = (packaged.Resources[id] as Resource).Properties.Environment;
      const as = (role: string) => stores.databaseUrl.replace('postgres@', `${role}@`);
      const parameters: Record<string, string> = {
        DatabaseUrl: stores.databaseUrl,
        DatabaseSecretArn: 'arn:database',
        DatabaseAppUrl: as('app'),
        DatabaseAppSecretArn: 'arn:app',
        DatabaseReadUrl: as('reader'),
        DatabaseReadSecretArn: 'arn:read',
        RedisUrl: stores.redisUrl,
        RedisSecretArn: 'arn:redis',
      };
      const attributes: Record<string, string> = {
        COMPUTE_ACCURACY_ARN: `arn:aws:lambda:${region}:000000000000:function:computeAccuracy`,
        SCHEDULER_ROLE_ARN: 'arn:aws:iam::000000000000:role/scheduler',
        DEAD_LETTER_ARN: `arn:aws:sqs:${region}:000000000000:dead-letters`,
      };
      return {
        ...resolveVariables(Variables, { parameters, attributes }),
        NODE_EXTRA_CA_CERTS: stores.ca,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_ENDPOINT_URL_SCHEDULER: scheduler.url,
        AWS_ENDPOINT_URL_LAMBDA: lambda.url,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(secretsManager.address() as AddressInfo).port}`,
        ...more,
      };
    };

    const startEnvironment = (name: string, code = name, more: Record<string, string> = {}) => {
      const settings = Object.entries(variables(code, more)).flatMap(([key, value]) => [
        '--env',
        `${key}=${value}`,
      ]);
      const where = ['--api', lambda.runtimeApi[name] as string, '--task-root', unpacked(code)];
      const handler =
        packaged.Resources[`${code.charAt(0).toUpperCase()}${code.slice(1)}LambdaFunction`]?.Properties
          .Handler;
      const child = spawn(runtimeTool as string, ['run', ...where, '--handler', handler, ...settings], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      child.stdout.setEncoding('utf8').on('data', (text) => {
        printed.set(name, (printed.get(name) ?? '') + text);
      });
      children.set(name, child);
    };

    /** The lines of a function that CloudWatch makes metrics of. */
    const metricsOf = async (name: string) => {
      for (let tries = 0; !printed.get(name)?.includes('"_aws"') && tries < 100; tries++) await sleep(50);
      const lines = (printed.get(name) ?? '').split('\n').filter((line) => line.includes('"_aws"'));
      return lines.map((line) => JSON.parse(line));
    };

    /** The schedule's target input, filled in as EventBridge does; the schedule has been there since long ago. */
    const schedulerEvent = async (time: string) => {
      await stores.admin.query("UPDATE metrics_executions SET updated_at = '2026-01-01'");
      const { Target } = await schedulerClient.send(
        new GetScheduleCommand({ Name: model, GroupName: 'cyclic-metrics-prod' }),
      );
      return JSON.parse(String(Target?.Input).replace('<aws.scheduler.scheduled-time>', time));
    };

    const invoke = async (name: string, event: unknown) => {
      const { FunctionError, Payload } = await client.send(
        new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
      );
      const payload = JSON.parse(Buffer.from(Payload ?? []).toString() || 'null');
      if (FunctionError) throw new Error(JSON.stringify(payload));
      return payload;
    };

    test('every function that is deployed is invoked here', () => {
      expect(invokes.map(([name]) => name).sort()).toEqual([...names].sort());
    });

    test.each(invokes)('%s starts cold and answers', async (name, event, wanted) => {
      startEnvironment(name);
      const answer = await invoke(
        name,
        name === 'computeAccuracy' ? await schedulerEvent(minutesAgo(2)) : event,
      );
      if (name !== 'computeAccuracy' && name !== 'getResult') children.get(name)?.kill('SIGKILL');
      if (typeof wanted === 'number') expect(answer).toMatchObject({ statusCode: wanted });
      else expect(answer).toEqual(wanted);
    });

    test('a run is measured, and how late it began if it was due', async () => {
      const [run, manual] = await metricsOf('computeAccuracy');
      expect(run).toMatchObject({ status: 'ok', Runs: 1, model_id: model });
      expect(run.Lateness).toBeGreaterThan(60_000);
      expect(run.Duration).toBeLessThan(60_000);
      expect(manual).toMatchObject({ status: 'ok', Runs: 1 });
      expect(manual).not.toHaveProperty('Lateness');
    });

    test('the alarm of missed runs watches a metric that watch tells', async () => {
      const [line] = await metricsOf('watch');
      const { Namespace, MetricName, Dimensions } = packaged.Resources.MissedRunsAlarm?.Properties ?? {};
      const [told] = line._aws.CloudWatchMetrics;
      expect(told.Namespace).toBe(Namespace);
      expect(told.Metrics.map(({ Name }: { Name: string }) => Name)).toContain(MetricName);
      expect(told.Dimensions).toEqual([Dimensions.map(({ Name }: { Name: string }) => Name)]);
      for (const { Name, Value } of Dimensions) expect(line[Name]).toBe(Value);
      expect(line[MetricName]).toBe(0);
    });

    test('after the passwords are rotated and connections cut, the same environment goes on', async () => {
      startEnvironment('schedule');
      const body = { model_id: model, cron_expression: '* * * * *' };
      await invoke('schedule', httpEvent('POST', '/schedule', '/schedule', token, body));
      const event = await schedulerEvent(minutesAgo(1));
      await stores.redisAdmin.config('SET', 'requirepass', 'second');
      secrets['arn:redis'] = 'second';
      secrets['arn:app'] = 'second';
      secrets['arn:read'] = 'second';
      startEnvironment('migrate');
      await invoke('migrate', {}); // gives the roles the passwords of their secrets
      await sleep(5100); // as long as Powertools keeps a secret
      await stores.admin.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = $1',
        ['client backend'],
      );
      await stores.redisAdmin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await stores.redisAdmin.flushall();
      expect(await invoke('computeAccuracy', event)).toMatchObject({ status: 'ok', accuracy: 0.5 });
      const stored = JSON.parse((await stores.redisAdmin.get(`result:${model}`)) as string);
      expect(stored).toMatchObject({
        status: 'ok',
        scheduled_time: new Date(event.scheduled_time).toISOString(),
      });
      const read = await invoke('getResult', get(`/results/${model}`, '/results/{model_id}'));
      expect(JSON.parse(read.body)).toMatchObject({ status: 'ok' }); // the manual run: it is newer
      expect(JSON.parse(read.body).scheduled_time > stored.scheduled_time).toBe(true);
    });

    test('a store whose certificate no known authority has signed is not talked to', async () => {
      startEnvironment('withoutCa', 'listSchedules', { NODE_EXTRA_CA_CERTS: '' });
      expect(await invoke('withoutCa', get('/schedule'))).toMatchObject({ statusCode: 503 });
      expect(readFileSync(stores.ca, 'utf8')).toContain('BEGIN CERTIFICATE');
    });
  },
);
