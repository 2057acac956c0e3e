import { randomBytes } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { migrate } from '../lib/postgres/migrate';
import { signedWith } from './access';
import { startClock } from './clock/clock';
import { type DataFolder, openDataFolder } from './dataFolder';
import { feedDemo, loadDemo } from './demo/demo';
import { inChildProcesses, ruleFunctions } from './functions';
import { readSettings } from './gateway/settings';
import { type LambdaService, startLambdaService } from './lambda/service';
import { openLogFile } from './logFile';
import { freePort, requireFree } from './ports';
import { startSchedulerApi } from './scheduler/api';
import { type Child, startChild, whenReady } from './servers/child';
import { startPostgres } from './servers/postgres';
import { startRedis } from './servers/redis';
import { loadTestData } from './testData';
import { startTimers } from './timers';

const settings = {
  host: process.env.HOST ?? '127.0.0.1',
  port: Number(process.env.PORT ?? 5000),
  dataFolder: process.env.DATA_DIR ?? '.data',
  environments: Number(process.env.LAMBDA_ENVIRONMENTS ?? 2),
  databaseUrl: process.env.DATABASE_URL,
  redisUrl: process.env.REDIS_URL,
};

const region = 'us-east-1';

/** Made at each start: the local Scheduler and Lambda answer only who signs with this key. */
const credentials = {
  accessKeyId: `local${randomBytes(16).toString('hex')}`,
  secretAccessKey: randomBytes(16).toString('hex'),
};

const access = { admit: signedWith(credentials.accessKeyId) };

/** What has to be stopped, the last started first. */
const stops: (() => unknown)[] = [];

const stopAll = async () => {
  for (let stop = stops.pop(); stop; stop = stops.pop()) await stop();
};

const started = <T>(thing: T, stop: (thing: T) => unknown): T => {
  stops.push(() => stop(thing));
  return thing;
};

/** Rejects when all have ended: what still starts after a failure would be started behind the back of `stopAll`. */
const together = async <T extends readonly unknown[]>(...work: { [K in keyof T]: Promise<T[K]> }) => {
  await Promise.allSettled(work);
  return Promise.all(work);
};

const openLog = (folder: DataFolder, name: string) =>
  started(openLogFile(folder.path(`log/${name}.log`)), (it) => it.close());

const appendLine = (folder: DataFolder, name: string, value: object) =>
  appendFileSync(folder.path(name), `${JSON.stringify(value)}\n`, { mode: 0o600 });

/** Where PostgreSQL and Redis are, or will be when we have started our own. */
const storeUrls = async ({ password }: DataFolder) => {
  const own = async (scheme: string, user: string, database: string) =>
    `${scheme}://${user}:${password}@127.0.0.1:${await freePort()}/${database}`;
  return {
    database: new URL(settings.databaseUrl ?? (await own('postgres', 'postgres', 'postgres'))),
    redis: new URL(settings.redisUrl ?? (await own('redis', '', '0'))),
  };
};

type StoreUrls = Awaited<ReturnType<typeof storeUrls>>;

/** PostgreSQL with the tables, and Redis; a PostgreSQL of our own has the test data too. */
const startStores = async (folder: DataFolder, { database, redis }: StoreUrls) => {
  const own = async (server: Promise<Child>) => started(await server, (it) => it.stop());
  const nothing = Promise.resolve();
  const log = (name: string) => folder.path(`log/${name}.log`);
  await together(
    settings.databaseUrl ? nothing : own(startPostgres(folder.path('postgres'), database, log('postgres'))),
    settings.redisUrl ? nothing : own(startRedis(folder.path('redis'), redis, log('redis'))),
  );
  await migrate(database.href);
  if (!settings.databaseUrl) await loadTestData(database.href);
};

/** The variables that lead the handlers to everything. */
const handlerVariables = ({ database, redis }: StoreUrls, schedulerUrl: string, invokePort: number) => ({
  DATABASE_URL: database.href,
  REDIS_URL: redis.href,
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  POWERTOOLS_METRICS_DISABLED: 'true', // for CloudWatch only
  AWS_ENDPOINT_URL_SCHEDULER: schedulerUrl,
  AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${invokePort}`,
  SCHEDULE_GROUP: 'cyclic-metrics-local', // serverless.yml's name for it in stage local
  COMPUTE_ACCURACY_ARN: `arn:aws:lambda:${region}:000000000000:function:computeAccuracy`,
  NOTIFY_ARN: `arn:aws:lambda:${region}:000000000000:function:notify`,
  SCHEDULER_ROLE_ARN: 'arn:aws:iam::000000000000:role/local',
  DEAD_LETTER_ARN: `arn:aws:sqs:${region}:000000000000:dead-letters`,
});

type HandlerVariables = ReturnType<typeof handlerVariables>;

const startLambda = async (folder: DataFolder, env: HandlerVariables) => {
  const log = openLog(folder, 'functions');
  // They are there when the first minute strikes: a cold start would be most of a small run's lateness.
  const environments = {
    max: settings.environments,
    provisioned: settings.environments,
    concurrency: 32,
    env: { ...env, DATABASE_POOL_MAX: '4' },
    log: log.fd,
  };
  const lambda = await startLambdaService({
    port: Number(new URL(env.AWS_ENDPOINT_URL_LAMBDA).port),
    region,
    access,
    functions: {
      computeAccuracy: {
        ...inChildProcesses('computeAccuracy', environments),
        async: { onFailure: `arn:aws:sqs:${region}:000000000000:failed-runs` },
      },
      ...ruleFunctions(env),
    },
    async: { sendRecord: async (_, record) => appendLine(folder, 'failed-runs.jsonl', record) },
    onEvent: (event) => {
      if (event.event === 'output') log.write(event.line);
      else if (event.event !== 'invokeEnded' || event.error) log.write(JSON.stringify(event)); // a run tells of itself
    },
  });
  return started(lambda, (it) => it.close());
};

/** API Gateway: serverless-offline with the functions of serverless.yml, behind the gateway. */
const startApi = async (folder: DataFolder, env: Record<string, string>) => {
  const { host, port } = settings;
  const api = startChild(process.execPath, ['--require', './endWithParent.js', './gateway.js'], {
    cwd: '.build',
    logFile: folder.path('log/api.log'),
    env: { ...process.env, ...env, HOST: host, PORT: String(port), DATABASE_POOL_MAX: '5' },
  });
  started(api, (it) => it.stop());
  const name = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  const url = `http://${name}:${port}`;
  await whenReady(api, 'the HTTP API', () => fetch(url));
  return { api, url };
};

/** The clock, and what EventBridge rules do on AWS. Resolves when the Scheduler has every schedule. */
const startTime = async (folder: DataFolder, scheduler: SchedulerClient, lambda: LambdaService) => {
  const log = openLog(folder, 'clock');
  const onEvent = (event: object) => log.write(JSON.stringify({ timestamp: new Date(), ...event }));
  const timers = started(startTimers({ lambda, onEvent }), (it) => it.stop());
  const clock = startClock({
    scheduler,
    targets: { lambda: lambda.invokeEvent },
    sendDeadLetter: async (letter) => appendLine(folder, 'dead-letters.jsonl', letter),
    onLoss: timers.reconcile,
    onEvent,
  });
  started(clock, (it) => it.stop());
  await timers.ready();
};

/** Everything but the API: that takes as long to start, and need not wait for it. */
const startBehindApi = async (folder: DataFolder, urls: StoreUrls, env: HandlerVariables) => {
  const scheduler = new SchedulerClient({ region, endpoint: env.AWS_ENDPOINT_URL_SCHEDULER, credentials });
  const [lambda] = await together(
    startLambda(folder, env),
    startStores(folder, urls),
    scheduler.send(new CreateScheduleGroupCommand({ Name: env.SCHEDULE_GROUP })),
  );
  await startTime(folder, scheduler, lambda);
  return lambda;
};

/** A demo that fails ends nothing else. */
const printDemoError = (error: Error) => console.error(`demo: ${error.message}`);

const startDemo = async (url: string, lambda: LambdaService) => {
  const stopping = started(new AbortController(), (it) => it.abort());
  const watch = () => lambda.invoke('watch', '{}');
  const options = { url, token: process.env.CYCLIC_TOKEN, watch };
  const made = await loadDemo(options);
  console.log(
    `Demo: ${made > 0 ? `${made} models with a week of history` : 'its models are there'}. Look at ${url}/`,
  );
  feedDemo(options, stopping.signal, printDemoError).catch(() => {}); // only the signal ends it
};

/** For `. .data/env`: in quotes a shell leaves everything as it is. */
const shellVariables = (env: Record<string, string>): string =>
  Object.entries(env)
    .map(([name, value]) => `${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');

const welcome = (url: string, folder: DataFolder) => `
Cyclic Metrics is ready.

  HTTP API   ${url}
  data       ${folder.path('')}  (connection strings: env, logs: log/)
  stop       Ctrl-C

Try it: schedule the model of the test data every minute, and read its accuracy after the next full minute.

  curl -X POST ${url}/schedule -H 'content-type: application/json' \\
    -d '{"model_id": "550e8400-e29b-41d4-a716-446655440000", "cron_expression": "*/1 * * * *"}'
  curl ${url}/results/550e8400-e29b-41d4-a716-446655440000
`;

/** @throws Error where everybody could call, or a setting of the gateway cannot be read */
const refuseOpenService = () => {
  const { host, tokens } = readSettings(process.env);
  if (['127.0.0.1', '::1', 'localhost'].includes(host) || tokens.length > 0) return;
  throw new Error(
    `HOST=${host} is reachable from elsewhere: make a token first (npm run token) and set API_TOKENS`,
  );
};

/** Starts everything on this machine; stops all of it at a signal, or when a part fails. */
export const start = async ({ demo }: { demo: boolean }) => {
  refuseOpenService();
  await requireFree(settings.port, settings.host);
  const folder = openDataFolder(settings.dataFolder);
  process.umask(0o077); // what we and our servers write is for nobody else to read
  stops.push(folder.release);
  let stopping = false;
  const stop = async (code: number) => {
    if (stopping) return;
    stopping = true;
    await stopAll();
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0));
  try {
    const urls = await storeUrls(folder);
    const scheduler = started(await startSchedulerApi({ region, access }), (it) => it.close());
    const env = handlerVariables(urls, scheduler.url, await freePort());
    const [{ api, url }, lambda] = await together(startApi(folder, env), startBehindApi(folder, urls, env));
    writeFileSync(folder.path('env'), shellVariables(env), { mode: 0o600 });
    console.log(welcome(url, folder));
    if (demo) startDemo(url, lambda).catch(printDemoError);
    await api.ended;
    if (!stopping) throw new Error(`the HTTP API ended: ${api.lastWords()}`);
  } catch (error) {
    if (stopping) return;
    console.error(`cyclic-metrics: ${(error as Error).message}`);
    await stop(1);
  }
};
