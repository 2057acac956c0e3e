import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { defaults } from 'pg';
import { openChannels } from '../channels/channels';
import { openDatabase } from '../postgres/database';
import type { Role, Roles } from '../postgres/makeRoles';
import { openRedis } from '../redis/redis';
import { resultCache } from '../redis/resultCache';
import type { SchedulerConnection } from '../scheduler/connection';
import { env } from './env';
import type { Invoker } from './invoker';
import { lazy } from './lazy';
import { readPassword, readSecret } from './secret';

// Each handler makes its clients once per environment. Endpoints come from the SDK's own variables
// (AWS_ENDPOINT_URL_SCHEDULER, AWS_ENDPOINT_URL_LAMBDA); without them the SDK talks to AWS.

const password = (secretArn: string | undefined) => (secretArn ? () => readPassword(secretArn) : undefined);

/** With a secret, each new connection asks for the password that the URL has not. */
export const databaseUrl = (): string => {
  const fromSecret = password(env('DATABASE_SECRET_ARN'));
  // A pool's own password would give way to the empty one of its URL.
  if (fromSecret) Object.assign(defaults, { password: fromSecret });
  return env('DATABASE_URL');
};

const roleOf = async (url: string, secretArn: string): Promise<Role> => ({
  name: decodeURIComponent(new URL(url).username),
  password: await readPassword(secretArn),
});

/** The roles that the other functions connect as; undefined if they connect as this one does. */
export const databaseRoles = async (): Promise<Roles | undefined> => {
  const [appUrl, appSecret] = [env('DATABASE_APP_URL'), env('DATABASE_APP_SECRET_ARN')];
  const [readUrl, readSecret] = [env('DATABASE_READ_URL'), env('DATABASE_READ_SECRET_ARN')];
  if (!appUrl || !appSecret || !readUrl || !readSecret || appUrl === env('DATABASE_URL')) return undefined;
  return { app: await roleOf(appUrl, appSecret), read: await roleOf(readUrl, readSecret) };
};

/** @param timeoutMs for one statement */
export const database = (timeoutMs = 3000) =>
  openDatabase(databaseUrl(), env('DATABASE_POOL_MAX'), timeoutMs);

export const redis = () => openRedis(env('REDIS_URL'), password(env('REDIS_SECRET_ARN')));

export const results = async () => resultCache(await redis());

/** @param maxAttempts of one call: few where a caller waits for the answer */
export const scheduler = (maxAttempts = 2): SchedulerConnection => ({
  client: new SchedulerClient({
    maxAttempts,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  }),
  target: {
    groupName: env('SCHEDULE_GROUP'),
    functionArn: env('COMPUTE_ACCURACY_ARN'),
    roleArn: env('SCHEDULER_ROLE_ARN'),
    deadLetterArn: env('DEAD_LETTER_ARN'),
  },
});

/** Where alerts go. */
export const channels = async () => {
  const secret = env('ALERT_CHANNELS_SECRET_ARN');
  const json = secret ? await readSecret(secret) : env('ALERT_CHANNELS');
  return openChannels(json, { allowed: env('WEBHOOK_ALLOW'), timeoutMs: 10_000 });
};

/** Lambda's client is loaded when it is used: most runs have nobody to tell. */
const invoker = (functionArn: string): Invoker => {
  const open = lazy(async () => (await import('./invoker')).openInvoker(functionArn));
  return {
    invoke: async (event) => (await open()).invoke(event),
    invokeLater: async (event) => (await open()).invokeLater(event),
  };
};

/** Runs computeAccuracy. */
export const runs = () => invoker(env('COMPUTE_ACCURACY_ARN'));

/** Invokes notify; undefined where it has no name. */
export const notifier = () => {
  const arn = env('NOTIFY_ARN');
  return arn ? invoker(arn) : undefined;
};
