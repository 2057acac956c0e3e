import { setTimeout as sleep } from 'node:timers/promises';
import { ruleIntervalsMs } from './functions';
import type { LambdaService } from './lambda/service';

export interface TimersOptions {
  lambda: Pick<LambdaService, 'invoke' | 'invokeEvent'>;
  onEvent: (event: Record<string, unknown>) => void;
}

const minuteMs = 60_000;
const retryMs = (failures: number) => Math.min(1000 * 2 ** failures, 8000);

/** Half a minute after a full one: then the runs of that minute are over. */
const untilHalfMinuteMs = () => {
  const ms = (90_000 - (Date.now() % minuteMs)) % minuteMs;
  return ms < 1000 ? ms + minuteMs : ms; // a timer may be a little early
};

/**
 * What EventBridge rules do on AWS. Besides, reconcile runs when the service starts or the Scheduler has lost its state, as
 * LocalStack forgets every schedule when it ends.
 */
export const startTimers = ({ lambda, onEvent }: TimersOptions) => {
  const stopping = new AbortController();
  const { signal } = stopping;
  let reconciling: Promise<void> | undefined;

  const reconcile = async () => {
    try {
      const { functionError, payload } = await lambda.invoke('reconcile', '{}');
      const outcome = JSON.parse(payload.toString());
      if (functionError) throw new Error(outcome.errorMessage);
      onEvent({ message: 'reconciled', outcome });
    } catch (error) {
      onEvent({ message: 'reconcile failed', error: (error as Error).message });
      throw error;
    }
  };

  /** Resolves when it has succeeded; rejects when the service stops. */
  const reconcileUntilDone = async () => {
    for (let failures = 0; ; failures++) {
      signal.throwIfAborted();
      const done = await reconcile().then(
        () => true,
        () => false,
      );
      if (done) return;
      await sleep(retryMs(failures), undefined, { signal });
    }
  };

  const invokeEvent = (name: string) => {
    try {
      lambda.invokeEvent(name, '{}');
    } catch (error) {
      onEvent({ message: `${name} not invoked`, error: (error as Error).message });
    }
  };

  const every = async (ms: number, name: string) => {
    for (;;) {
      await sleep(ms - minuteMs + untilHalfMinuteMs(), undefined, { signal });
      invokeEvent(name);
    }
  };

  const start = async () => {
    await reconcileUntilDone();
    for (const name of ['watch', 'prune']) invokeEvent(name);
    for (const [name, ms] of ruleIntervalsMs()) {
      every(ms, name).catch(() => {}); // only the signal ends it
    }
  };

  const started = start();
  started.catch(() => {});
  return {
    /** Resolves when the first reconcile has succeeded. */
    ready: () => started,
    /** Puts the Scheduler right now; fails for all who wait for it together. */
    reconcile: (): Promise<void> => {
      reconciling ??= reconcile().finally(() => {
        reconciling = undefined;
      });
      return reconciling;
    },
    stop: () => stopping.abort(),
  };
};
