import { setTimeout as sleep } from 'node:timers/promises';
import { type ClockOptions, startClock } from './clock/clock';
import { describeFailure } from './lambda/invocation';

type Options = Pick<ClockOptions, 'inForce' | 'invoke' | 'place' | 'sendDeadLetter' | 'onEvent'>;

/** Every five minutes, half a minute after a full one: then the runs are over. */
const untilReconcileMs = () => 4 * 60_000 + ((90_000 - (Date.now() % 60_000)) % 60_000);
const watchEveryMs = 60_000;
const pruneEveryMs = 24 * 3_600_000;
const retryMs = (failures: number) => Math.min(1000 * 2 ** failures, 8000);

/**
 * All that happens by itself: prune once a day, reconcile at the start, every five minutes (on AWS schedules of
 * serverless.yml do that) and whenever the Scheduler seems to have lost its state, and the clock. The clock starts when reconcile has
 * succeeded: from a Scheduler without its schedules it would conclude that nothing was due while it was down.
 */
export const startFiring = async (options: Options) => {
  const { onEvent } = options;
  const stopping = new AbortController();
  let reconciling: Promise<void> | undefined;

  const invoke = async (name: string, done: string) => {
    const outcome = await options.invoke(name, '{}', stopping.signal);
    if (outcome.type === 'throttled' || outcome.type === 'stopping') throw new Error(outcome.type);
    if (outcome.type === 'functionError') throw new Error(describeFailure(outcome.payload).errorMessage);
    onEvent({ message: done, outcome: JSON.parse(outcome.payload.toString()) });
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
      await sleep(untilReconcileMs(), undefined, { signal: stopping.signal });
      await reconcileAtLast();
    }
  };

  const keepWatched = async () => {
    for (;;) {
      await invoke('watch', 'watched').catch((error) =>
        onEvent({ message: 'watch failed', error: error.message }),
      );
      await sleep(watchEveryMs, undefined, { signal: stopping.signal });
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
  const clock = await startClock({ ...options, onLoss });
  for (const keep of [keepReconciled, keepPruned, keepWatched]) keep().catch(() => {}); // only the signal ends it
  return {
    stop: async () => {
      stopping.abort();
      await clock.stop();
    },
  };
};
