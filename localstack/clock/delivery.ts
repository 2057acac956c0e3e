import { createHash, randomUUID } from 'node:crypto';
import type { Target } from '@aws-sdk/client-scheduler';
import type { Due } from './dueTimes';
import { type Failure, invokeTarget, type Targets } from './targets';
import type { Time } from './time';

/** What could not be delivered, as EventBridge Scheduler sends it to the dead-letter queue. */
export interface DeadLetter {
  queueArn: string;
  /** The input of the last attempt. */
  body: string;
  /** User Guide, "Configuring a dead-letter queue". */
  attributes: Record<string, string>;
}

export interface DeliveryOptions {
  targets: Targets;
  sendDeadLetter: (letter: DeadLetter) => Promise<void>;
  onEvent: (event: Record<string, unknown>) => void;
  signal: AbortSignal;
  time: Time;
}

/** Where a schedule says nothing else (RetryPolicy). */
const defaultRetryPolicy = { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 };

/** ISO 8601 without milliseconds, as all of the Scheduler's. */
const toText = (time: Date) => time.toISOString().replace(/\.\d+Z$/, 'Z');

/**
 * Pauses double from a second until, on average, they would spread all retries over the maximum age.
 * @param retry 0 for the first
 */
export const pauseMs = (retry: number, retries: number, maxAgeMs: number): number => {
  const longest = Math.max(1000, (maxAgeMs / Math.max(1, retries)) * (4 / 3));
  return Math.min(1000 * 2 ** retry, longest) * (0.5 + Math.random() / 2);
};

/** Somewhere in the schedule's flexible time window; the same place for every clock, also after a restart. */
const startOf = ({ schedule, time }: Due): number => {
  const { Mode, MaximumWindowInMinutes: minutes = 0 } = schedule.FlexibleTimeWindow ?? {};
  if (Mode !== 'FLEXIBLE') return time.getTime();
  const hash = createHash('sha256').update(`${schedule.Name} ${time.getTime()}`).digest();
  return time.getTime() + Math.floor((hash.readUInt32BE() / 2 ** 32) * minutes * 60_000);
};

/** What a target without Input gets. */
const defaultInput = ({ schedule: { Arn = '' }, time }: Due) => {
  const [, , , region, account] = Arn.split(':');
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account,
    time: toText(time),
    region,
    resources: [Arn],
    detail: '{}',
  });
};

/** Fills in the context attributes (User Guide, "Adding context attributes"). */
const inputOf = (due: Due, executionId: string, attempt: number): string =>
  (due.schedule.Target?.Input ?? defaultInput(due))
    .replaceAll('<aws.scheduler.scheduled-time>', toText(due.time))
    .replaceAll('<aws.scheduler.schedule-arn>', due.schedule.Arn ?? '')
    .replaceAll('<aws.scheduler.execution-id>', executionId)
    .replaceAll('<aws.scheduler.attempt-number>', String(attempt));

type Condition = 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';

interface Attempt {
  /** 1 for the first. */
  number: number;
  executionId: string;
  input: string;
  failure: Failure;
}

const sendLetter = async (
  { onEvent, sendDeadLetter }: DeliveryOptions,
  { schedule, time }: Due,
  { number, executionId, input, failure }: Attempt,
  condition?: Condition,
): Promise<void> => {
  const what = { schedule: schedule.Arn, scheduled_time: time, attempt: number, error: failure };
  onEvent({ message: 'gave up', ...what });
  const queueArn = schedule.Target?.DeadLetterConfig?.Arn;
  if (!queueArn) return;
  const attributes = {
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    EXECUTION_ID: executionId,
    ...(condition && { EXHAUSTED_RETRY_CONDITION: condition }),
    IS_PAYLOAD_TRUNCATED: 'false',
    RETRY_ATTEMPTS: String(number - 1),
    SCHEDULED_TIME: toText(time),
    SCHEDULE_ARN: schedule.Arn ?? '',
    TARGET_ARN: schedule.Target?.Arn ?? '',
  };
  await sendDeadLetter({ queueArn, body: input, attributes }).catch((error: Error) => {
    onEvent({ message: 'dead-letter queue refused', ...what, refusal: error.message });
  });
};

/**
 * Invokes the target until it accepts or refuses for good, or the schedule's RetryPolicy is exhausted; then the
 * dead-letter queue gets it, if there is one. Resolves when one or the other has happened; rejects only when `signal`
 * ends it.
 */
export const deliver = async (options: DeliveryOptions, due: Due): Promise<void> => {
  const { time, signal, targets } = options;
  const target = due.schedule.Target as Target;
  const {
    MaximumRetryAttempts: retries = defaultRetryPolicy.MaximumRetryAttempts,
    MaximumEventAgeInSeconds: ageSeconds = defaultRetryPolicy.MaximumEventAgeInSeconds,
  } = target.RetryPolicy ?? {};
  const start = startOf(due);
  if (start > time.now()) await time.sleep(start - time.now(), signal);
  for (let number = 1; ; number++) {
    signal.throwIfAborted();
    const executionId = randomUUID();
    const input = inputOf(due, executionId, number);
    const failure = await invokeTarget(targets, target, input);
    if (!failure) return;
    const attempt = { number, executionId, input, failure };
    if (!failure.retryable) return sendLetter(options, due, attempt);
    if (number > retries) return sendLetter(options, due, attempt, 'MaximumRetryAttempts');
    const pause = pauseMs(number - 1, retries, ageSeconds * 1000);
    if (time.now() + pause > start + ageSeconds * 1000) {
      return sendLetter(options, due, attempt, 'MaximumEventAgeInSeconds');
    }
    if (number === 1) {
      const what = { schedule: due.schedule.Arn, scheduled_time: due.time, error: failure };
      options.onEvent({ message: 'target refused; it is tried again', ...what });
    }
    await time.sleep(pause, signal);
  }
};
