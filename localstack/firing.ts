import { InvokeCommand, LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { type ClockOptions, startClock } from './clock/clock';

interface Options extends Pick<ClockOptions, 'groupName' | 'place' | 'sendDeadLetter' | 'onEvent'> {
  client: Pick<LambdaClientConfig, 'region' | 'credentials'>;
  schedulerUrl: string;
  lambdaUrl: string;
}

const reconcileEveryMs = 5 * 60_000;

/**
 * All that happens by itself: the clock, and reconcile at the start, every five minutes (on AWS a schedule of
 * serverless.yml does that), and whenever the Scheduler seems to have lost its state.
 */
export const startFiring = async (options: Options) => {
  const { client, schedulerUrl, lambdaUrl, onEvent } = options;
  // Runs may wait in line behind thousands of others, and reconcile may take as long as a Lambda may.
  const requestHandler = { connectionTimeout: 2000, requestTimeout: 900_000, httpAgent: { maxSockets: 256 } };
  const lambda = new LambdaClient({ ...client, endpoint: lambdaUrl, maxAttempts: 1, requestHandler });
  const scheduler = new SchedulerClient({
    ...client,
    endpoint: schedulerUrl,
    maxAttempts: 1,
    requestHandler,
  });

  const reconcile = async () => {
    const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'reconcile' }));
    const outcome = JSON.parse(Buffer.from(Payload ?? []).toString());
    onEvent({ message: FunctionError ? 'reconcile failed' : 'reconciled', outcome });
  };
  const tryReconcile = () =>
    reconcile().catch((error) => onEvent({ message: 'reconcile failed', error: error.message }));

  await tryReconcile();
  const clock = await startClock({ ...options, scheduler, lambda, onLoss: tryReconcile });
  const timer = setInterval(tryReconcile, reconcileEveryMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await clock.stop();
    },
  };
};
