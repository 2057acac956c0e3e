import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { type ClockOptions, startClock } from './clock/clock';

interface Options extends Pick<ClockOptions, 'groupName' | 'place' | 'sendDeadLetter' | 'onEvent'> {
  client: Pick<LambdaClientConfig, 'region' | 'credentials'>;
  schedulerUrl: string;
  lambdaUrl: string;
}

const reconcileEveryMs = 5 * 60_000;
const pruneEveryMs = 24 * 3_600_000;
const retryMs = (failures: number) => Math.min(1000 * 2 ** failures, 8000);
const limits = { connectionTimeout: 2000, throwOnRequestTimeout: true };

/**
 * All that happens by itself: prune once a day, reconcile at the start, every five minutes (on AWS schedules of
 * serverless.yml do that) and whenever the Scheduler seems to have lost its state, and the clock. The clock starts when reconcile has
 * succeeded: from a Scheduler without its schedules it would conclude that nothing was due while it was down.
 */
export const startFiring = async (options: Options) => {
  const { client, schedulerUrl, lambdaUrl, onEvent } = options;
  // Runs may wait in line behind thousands of others, and reconcile may take as long as a Lambda may.
  const lambda = new LambdaClient({
    ...client,
    endpoint: lambdaUrl,
    maxAttempts: 1,
    requestHandler: { ...limits, requestTimeout: 900_000, httpAgent: { maxSockets: 256 } },
  });
  const scheduler = new SchedulerClient({
    ...client,
    endpoint: schedulerUrl,
    maxAttempts: 1,
    requestHandler: { ...limits, requestTimeout: 10_000 },
  });
  let reconciling: Promise<void> | undefined;

  const invoke = async (name: string, done: string) => {
    const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName: name }));
    const outcome = JSON.parse(Buffer.from(Payload ?? []).toString());
    if (FunctionError) throw new Error(outcome.errorMessage);
    onEvent({ message: done, outcome });
  };

  /** One at a time; it fails for all who wait for it. */
  const reconcile = () => {
    reconciling ??= invoke('reconcile', 'reconciled')
      .catch((error) => {
        onEvent({ message: 'reconcile failed', error: error.message });
        throw error;
      })
      .finally(() => {
        reconciling = undefined;
      });
    return reconciling;
  };

  /** Not the one under way: that may have looked before the loss. */
  const onLoss = async () => {
    await reconciling?.catch(() => {});
    await reconcile();
  };

  const stopping = new AbortController();

  /** Returns when it has succeeded. */
  const reconcileAtLast = async () => {
    for (let failures = 0; ; failures++) {
      const done = await reconcile().then(
        () => true,
        () => false,
      );
      if (done) return;
      await sleep(retryMs(failures), undefined, { signal: stopping.signal });
    }
  };

  const keepReconciled = async () => {
    for (;;) {
      await sleep(reconcileEveryMs, undefined, { signal: stopping.signal });
      await reconcileAtLast();
    }
  };

  const keepPruned = async () => {
    for (;;) {
      await invoke('prune', 'pruned').catch((error) =>
        onEvent({ message: 'prune failed', error: error.message }),
      );
      await sleep(pruneEveryMs, undefined, { signal: stopping.signal });
    }
  };

  await reconcileAtLast();
  const clock = await startClock({ ...options, scheduler, lambda, onLoss });
  for (const keep of [keepReconciled, keepPruned]) keep().catch(() => {}); // only the signal ends it
  return {
    stop: async () => {
      stopping.abort();
      await clock.stop();
    },
  };
};
