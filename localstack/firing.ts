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
const retryMs = 2000;
const limits = { connectionTimeout: 2000, throwOnRequestTimeout: true };

/**
 * All that happens by itself: reconcile at the start, every five minutes (on AWS a schedule of serverless.yml does
 * that) and whenever the Scheduler seems to have lost its state, and the clock. The clock starts when reconcile has
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

  const invokeReconcile = async () => {
    const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'reconcile' }));
    const outcome = JSON.parse(Buffer.from(Payload ?? []).toString());
    if (FunctionError) throw new Error(outcome.errorMessage);
    onEvent({ message: 'reconciled', outcome });
  };

  /** One at a time; it fails for all who wait for it. */
  const reconcile = () => {
    reconciling ??= invokeReconcile()
      .catch((error) => {
        onEvent({ message: 'reconcile failed', error: error.message });
        throw error;
      })
      .finally(() => {
        reconciling = undefined;
      });
    return reconciling;
  };

  const succeeds = () =>
    reconcile().then(
      () => true,
      () => false,
    );

  const stopping = new AbortController();
  const keepReconciled = async () => {
    for (let ok = true; ; ok = await succeeds())
      await sleep(ok ? reconcileEveryMs : retryMs, undefined, { signal: stopping.signal });
  };

  while (!(await succeeds())) await sleep(retryMs);
  const clock = await startClock({ ...options, scheduler, lambda, onLoss: reconcile });
  keepReconciled().catch(() => {}); // only the signal ends it
  return {
    stop: async () => {
      stopping.abort();
      await clock.stop();
    },
  };
};
