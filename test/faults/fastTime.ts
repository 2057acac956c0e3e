import { setTimeout as realSleep } from 'node:timers/promises';
import type { Time } from '../../localstack/clock/time';

/** A minute of it lasts four seconds. */
export const speed = 15;

export const virtualStart = Date.parse('2026-03-02T12:00:00Z');

/** The same time in every process that is given the same beginning. */
export const fastTime = (beganAt: number): Time => ({
  now: () => virtualStart + (Date.now() - beganAt) * speed,
  sleep: (ms, signal) => realSleep(Math.max(0, ms / speed), undefined, { signal }),
});
