import { writeFileSync } from 'node:fs';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { fromHosts } from './access';
import { startClock } from './clock/clock';
import { onAws, ruleFunctions } from './functions';
import type { OnEvent } from './lambda/event';
import { startLambdaService } from './lambda/service';
import { openSqs } from './sqs';
import { startTimers } from './timers';

// The container `clock`: the clock and the local Lambda service. All its settings are in docker-compose.yml.

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const setting = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is missing`);
  return value;
};

const forFunctions = [
  'DATABASE_URL',
  'REDIS_URL',
  'RUNS_KEEP_DAYS',
  'RUNS_KEEP_PER_MODEL',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_ENDPOINT_URL_SCHEDULER',
  'AWS_ENDPOINT_URL_LAMBDA',
  'SCHEDULE_GROUP',
  'COMPUTE_ACCURACY_ARN',
  'NOTIFY_ARN',
  'SCHEDULER_ROLE_ARN',
  'DEAD_LETTER_ARN',
  'POWERTOOLS_METRICS_DISABLED',
];

const log = (event: object) =>
  process.stdout.write(`${JSON.stringify({ timestamp: new Date(), ...event })}\n`);

const routine = ['environmentStarted', 'environmentEnded'];

/** A function's own line tells of its success. What is no JSON line, as a stack trace, becomes one. */
const logLambda: OnEvent = (event) => {
  if (routine.includes(event.event) || (event.event === 'invokeEnded' && !event.error)) return;
  if (event.event === 'output' && event.line.startsWith('{')) process.stdout.write(`${event.line}\n`);
  else log(event);
};

/** Only containers of these services are answered: no secret is needed, and no other user of the machine has their address. */
const callers = (name: string) => ({
  hosts: [setting('SERVICE_HOST')],
  admit: fromHosts(...setting(name).split(',')),
});

const startLambda = (sqs: ReturnType<typeof openSqs>, region: string) =>
  startLambdaService({
    host: '0.0.0.0',
    port: Number(setting('INVOKE_PORT')),
    region,
    access: callers('INVOKE_CALLERS'),
    runtimeAccess: callers('RUNTIME_CALLERS'),
    functions: {
      computeAccuracy: {
        ...onAws('computeAccuracy'),
        runtimePort: Number(setting('RUNTIME_PORT')),
        async: { onFailure: setting('DEAD_LETTER_ARN') },
      },
      ...ruleFunctions(Object.fromEntries(forFunctions.map((name) => [name, setting(name)]))),
    },
    async: { sendRecord: sqs.sendRecord },
    onEvent: logLambda,
  });

const start = async () => {
  const region = setting('AWS_REGION');
  const credentials = {
    accessKeyId: setting('AWS_ACCESS_KEY_ID'),
    secretAccessKey: setting('AWS_SECRET_ACCESS_KEY'),
  };
  const sqs = openSqs({ region, credentials, endpoint: setting('AWS_ENDPOINT_URL_SQS') });
  const lambda = await startLambda(sqs, region);
  const scheduler = new SchedulerClient({
    region,
    credentials,
    endpoint: setting('AWS_ENDPOINT_URL_SCHEDULER'),
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
  const timers = startTimers({ lambda, onEvent: log });
  const clock = startClock({
    scheduler,
    targets: { lambda: lambda.invokeEvent, sqs: sqs.sendMessage },
    sendDeadLetter: sqs.sendDeadLetter,
    onLoss: timers.reconcile,
    onEvent: log,
  });
  const stop = async () => {
    timers.stop();
    await clock.stop();
    await lambda.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  await timers.ready();
  writeFileSync(setting('READY_FILE'), '');
};

start().catch((error: Error) => {
  log({ message: 'the clock ended', error: error.message });
  process.exit(1);
});
