import { setTimeout as realSleep } from 'node:timers/promises';
import type { Time } from '../../localstack/clock/time';

/** A minute of it lasts four seconds. */
export const speed = 15;

/** When fast time began: in real milliseconds, and in its own. */
export interface Beginning {
  real: number;
  virtual: number;
}

/** The same time in every process that is given the same beginning. */
export const fastTime = ({ real, virtual }: Beginning): Time => ({
  now: () => virtual + (Date.now() - real) * speed,
  sleep: (ms, signal) => realSleep(Math.max(0, ms / speed), undefined, { signal }),
});
