import { createHash, randomUUID } from 'node:crypto';
import { describeFailure, type Invoke } from '../lambda/invocation';
import type { Schedule } from './inForce';
import type { Time } from './time';

/** One due time of one schedule. */
export interface Due {
  schedule: Schedule;
  time: Date;
}

/** What could not be delivered, as EventBridge Scheduler hands it to the dead-letter queue. */
export interface DeadLetter {
  queueArn: string;
  body: string;
  /** The message attributes that EventBridge Scheduler sets (User Guide, "Configuring a dead-letter queue"). */
  attributes: Record<string, string>;
}

export interface DeliveryOptions {
  invoke: Invoke;
  sendDeadLetter: (letter: DeadLetter) => Promise<void>;
  onEvent: (event: Record<string, unknown>) => void;
  signal: AbortSignal;
  time: Time;
  /** Lets a bounded number of invokes run at a time. */
  turn: <T>(work: () => Promise<T>) => Promise<T>;
}

interface Failure {
  code: string;
  message: string;
}

/** EventBridge's, where a schedule says nothing else. */
export const defaultRetryPolicy = { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 };

/** Full jitter over a doubling delay, at most half a minute. */
const backoffMs = (attempt: number) => Math.random() * Math.min(30_000, 1000 * 2 ** attempt);

/** Somewhere in the schedule's FlexibleTimeWindow; the same place for every clock, also after a restart. */
const startAt = ({ schedule, time }: Due): number => {
  const { Mode, MaximumWindowInMinutes: minutes = 0 } = schedule.FlexibleTimeWindow ?? {};
  if (Mode !== 'FLEXIBLE') return time.getTime();
  const hash = createHash('sha256').update(`${schedule.Name} ${time.getTime()}`).digest();
  return time.getTime() + Math.floor((hash.readUInt32BE() / 2 ** 32) * minutes * 60_000);
};

/** Fills in the context attributes of Target.Input. */
const inputFor = ({ schedule, time }: Due, executionId: string, attempt: number): string =>
  (schedule.Target?.Input ?? '{}')
    .replaceAll('<aws.scheduler.scheduled-time>', time.toISOString().replace('.000Z', 'Z'))
    .replaceAll('<aws.scheduler.schedule-arn>', schedule.Arn ?? '')
    .replaceAll('<aws.scheduler.execution-id>', executionId)
    .replaceAll('<aws.scheduler.attempt-number>', String(attempt));

const invoke = async (options: DeliveryOptions, due: Due, payload: string): Promise<Failure | undefined> => {
  const outcome = await options.invoke(due.schedule.Target?.Arn ?? '', payload, options.signal);
  if (outcome.type === 'success') return undefined;
  if (outcome.type === 'throttled') return { code: 'TooManyRequestsException', message: outcome.message };
  if (outcome.type === 'stopping') return { code: 'ServiceException', message: 'Lambda is stopping' };
  const { errorType, errorMessage } = describeFailure(outcome.payload);
  return { code: errorType, message: errorMessage };
};

const deadLetter = (
  due: Due,
  payload: string,
  failure: Failure,
  more: Record<string, string>,
): DeadLetter => ({
  queueArn: due.schedule.Target?.DeadLetterConfig?.Arn ?? '',
  body: payload,
  attributes: {
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    SCHEDULE_ARN: due.schedule.Arn ?? '',
    TARGET_ARN: due.schedule.Target?.Arn ?? '',
    SCHEDULED_TIME: due.time.toISOString(),
    IS_PAYLOAD_TRUNCATED: 'false',
    ...more,
  },
});

/**
 * Invokes the target until it succeeds or the schedule's RetryPolicy is exhausted, then the dead-letter queue gets it.
 * Resolves when one or the other has happened; rejects only when `signal` ends it.
 */
export const deliver = async (options: DeliveryOptions, due: Due): Promise<void> => {
  const executionId = randomUUID();
  const {
    MaximumRetryAttempts: retries = defaultRetryPolicy.MaximumRetryAttempts,
    MaximumEventAgeInSeconds: ageSeconds = defaultRetryPolicy.MaximumEventAgeInSeconds,
  } = due.schedule.Target?.RetryPolicy ?? {};
  const start = startAt(due);
  if (start > options.time.now()) await options.time.sleep(start - options.time.now(), options.signal);
  for (let attempt = 0; ; attempt++) {
    const payload = inputFor(due, executionId, attempt + 1);
    const failure = await options.turn(() => invoke(options, due, payload));
    options.signal.throwIfAborted();
    if (!failure) return;
    const old = options.time.now() - start >= ageSeconds * 1000;
    const what = {
      schedule: due.schedule.Name,
      scheduled_time: due.time,
      attempt: attempt + 1,
      error: failure,
    };
    if (attempt >= retries || old) {
      options.onEvent({ message: 'gave up', ...what });
      const condition = old ? 'MaximumEventAgeInSeconds' : 'MaximumRetryAttempts';
      const more = {
        EXECUTION_ID: executionId,
        RETRY_ATTEMPTS: String(attempt),
        EXHAUSTED_RETRY_CONDITION: condition,
      };
      await options.sendDeadLetter(deadLetter(due, payload, failure, more)).catch((error: Error) => {
        options.onEvent({ message: 'dead-letter queue refused', ...what, refusal: error.message });
      });
      return;
    }
    options.onEvent({ message: 'attempt failed', ...what });
    await options.time.sleep(backoffMs(attempt), options.signal);
  }
};
