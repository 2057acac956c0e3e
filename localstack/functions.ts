import { resolve } from 'node:path';
import { env } from '../lib/runtime/env';
import { ruleIntervalMs } from '../lib/runtime/ruleInterval';
import type { EnvironmentsOptions } from './lambda/environments';
import type { FunctionOptions } from './lambda/service';

interface Entry {
  every?: string;
  timeout?: number;
  maximumRetryAttempts?: number;
  environment?: Record<string, string | number>;
}

const { entries }: { entries: [name: string, entry: Entry][] } = require('../.deploy/functions.js');

/** What serverless.yml says of a function, as the local Lambda service takes it. */
export const onAws = (name: string) => {
  const { timeout = 29, maximumRetryAttempts } = new Map(entries).get(name) as Entry;
  return {
    timeoutMs: timeout * 1000,
    ...(maximumRetryAttempts !== undefined && { async: { maximumRetryAttempts } }),
  };
};

/** A function of ours in child processes. */
export const inChildProcesses = (
  name: string,
  environments: Omit<EnvironmentsOptions, 'runtimeClient' | 'taskRoot' | 'handler'>,
): FunctionOptions => ({
  ...onAws(name),
  environments: {
    ...environments,
    runtimeClient: resolve('.build/runtimeClient.js'),
    taskRoot: resolve('.build/functions'),
    handler: `${name}.handler`,
  },
});

/** Those that EventBridge rules invoke on AWS. */
const byRule = entries.filter(([, { every }]) => every);

/** How often each is invoked, in milliseconds. That of reconcile is a setting. */
export const ruleIntervalsMs = (): [name: string, ms: number][] =>
  byRule.map(([name, { every }]) => [
    name,
    name === 'reconcile' ? env('RECONCILE_EVERY') : ruleIntervalMs(every as string),
  ]);

/** What the environment says of the settings that a function has in serverless.yml. */
const settingsOf = (environment: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.keys(environment).flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** Those functions, and notify: an environment each, soon gone; those that work every minute stay. */
export const ruleFunctions = (variables: Record<string, string>): Record<string, FunctionOptions> =>
  Object.fromEntries(
    entries
      .filter(([name, { every }]) => every || name === 'notify')
      .map(([name, { environment = {} }]) => {
        const own = {
          ...settingsOf(environment),
          ...variables,
          DATABASE_POOL_MAX: String(environment.DATABASE_POOL_MAX ?? 1),
        };
        const idleMs = ['watch', 'notify'].includes(name) ? 120_000 : 2000;
        // One that waits for a channel which hangs must not hold up the next, with news for the others.
        const concurrency = name === 'notify' ? 32 : 1;
        return [name, inChildProcesses(name, { max: 1, concurrency, idleMs, env: own })];
      }),
  );
