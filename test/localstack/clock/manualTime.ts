import { setTimeout as realSleep } from 'node:timers/promises';
import type { Time } from '../../../localstack/clock/time';

/**
 * A time that stands still until it is told to move.
 * @param isBusy whether somebody still does what had to be done before it may move on
 */
export const manualTime = (start: string, isBusy = () => false) => {
  let now = Date.parse(start);
  const sleepers = new Set<{ at: number; wake: () => void }>();
  const time: Time = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (ms <= 0) return resolve();
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  };
  /** Until nobody has been busy for a while. */
  const settled = async () => {
    for (let idle = 0; idle < 3; idle = isBusy() ? 0 : idle + 1) await realSleep(2);
  };
  return {
    time,
    settled,
    /** Moves on, waking who sleeps on the way in order, and lets each do what it does before the next. */
    to: async (moment: string) => {
      const until = Date.parse(moment);
      await settled();
      for (;;) {
        const next = [...sleepers].sort((a, b) => a.at - b.at)[0];
        if (!next || next.at > until) break;
        sleepers.delete(next);
        now = Math.max(now, next.at);
        next.wake();
        await settled();
      }
      now = until;
    },
    /** The system clock is set, nobody wakes. */
    set: (moment: string) => {
      now = Date.parse(moment);
    },
  };
};

/** Waits for something that is bound to happen; says so if it does not. */
export const until = async (condition: () => boolean | Promise<boolean>) => {
  for (let tries = 0; tries < 2000; tries++) {
    if (await condition()) return;
    await realSleep(5);
  }
  throw new Error(`never came true: ${condition}`);
};
