import { setTimeout } from 'node:timers/promises';

/** The time the clock goes by. */
export interface Time {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Rejects when the signal is given. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export const systemTime: Time = {
  now: Date.now,
  sleep: (ms, signal) => setTimeout(Math.max(0, ms), undefined, { signal }),
};
