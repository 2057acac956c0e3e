import { resolve } from 'node:path';
import type { EnvironmentsOptions } from './lambda/environments';
import type { FunctionOptions } from './lambda/service';

/** A function of ours in child processes. */
export const inChildProcesses = (
  name: string,
  timeoutMs: number,
  environments: Omit<EnvironmentsOptions, 'runtimeClient' | 'taskRoot' | 'handler'>,
): FunctionOptions => ({
  timeoutMs,
  environments: {
    ...environments,
    runtimeClient: resolve('.build/runtimeClient.js'),
    taskRoot: resolve('.build/functions'),
    handler: `${name}.handler`,
  },
});

/** Where alerts go, as serverless.yml tells; none of it is needed. */
const forAlerts = ['ALERT_CHANNELS', 'WEBHOOK_ALLOW', 'PUBLIC_URL', 'HEARTBEAT_URL'];

/** The functions that EventBridge rules invoke on AWS, and notify, with serverless.yml's settings: an environment each, soon gone. */
export const ruleFunctions = (env: Record<string, string>): Record<string, FunctionOptions> => {
  const alerts = Object.fromEntries(forAlerts.map((name) => [name, process.env[name] ?? '']));
  const rare = { max: 1, idleMs: 2000, env: { ...env, ...alerts, DATABASE_POOL_MAX: '8' } };
  const once = { maximumRetryAttempts: 0 };
  return {
    reconcile: { ...inChildProcesses('reconcile', 900_000, rare), async: once },
    notify: { ...inChildProcesses('notify', 60_000, { ...rare, idleMs: 120_000 }), async: once },
    prune: { ...inChildProcesses('prune', 900_000, rare), async: once },
    watch: { ...inChildProcesses('watch', 60_000, { ...rare, idleMs: 120_000 }), async: once },
  };
};
