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

/** What runs now and then, wherever computeAccuracy runs: an environment for each, gone a moment later. */
export const housekeeping = (env: Record<string, string>): Record<string, FunctionOptions> => {
  const rare = { max: 1, idleMs: 2000, env: { ...env, DATABASE_POOL_MAX: '8' } };
  return {
    reconcile: inChildProcesses('reconcile', 900_000, rare),
    prune: inChildProcesses('prune', 900_000, rare),
    watch: inChildProcesses('watch', 60_000, { ...rare, idleMs: 120_000 }),
  };
};
