import { type DeadLetter, deliver, pauseMs } from '../../../localstack/clock/delivery';
import type { Schedule } from '../../../localstack/clock/scheduleCache';
import { functionArn, queueArn, throttled } from './world';

const due = new Date('2026-03-01T10:01:00Z');
const hourMs = 3_600_000;

/** Delivers with a time that only passes where it is slept: when each attempt was made, and the dead letters. */
const deliverNow = async (refuse: (attempt: number) => Error | undefined, more: Partial<Schedule> = {}) => {
  let now = due.getTime();
  const attempts: number[] = [];
  const letters: DeadLetter[] = [];
  const options = {
    targets: {
      lambda: () => {
        attempts.push(now);
        const error = refuse(attempts.length);
        if (error) throw error;
      },
    },
    time: {
      now: () => now,
      sleep: async (ms: number) => {
        now += ms;
      },
    },
    signal: new AbortController().signal,
    sendDeadLetter: async (letter: DeadLetter) => {
      letters.push(letter);
    },
    onEvent: () => {},
  };
  const schedule: Schedule = {
    Name: 'model',
    Arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/model',
    ...more,
    Target: {
      Arn: functionArn,
      RoleArn: 'arn:aws:iam::000000000000:role/r',
      DeadLetterConfig: { Arn: queueArn },
      ...more.Target,
    },
  };
  await deliver(options, { schedule, time: due });
  return { attempts, letters };
};

const accepted = () => undefined;

test('a delivery starts within its flexible time window, at the same moment in every clock', async () => {
  const starts = [];
  for (let n = 0; n < 100; n++) {
    const more: Partial<Schedule> = {
      Name: `m-${n}`,
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 1440 },
    };
    const [first, second] = [await deliverNow(accepted, more), await deliverNow(accepted, more)];
    expect(second.attempts).toEqual(first.attempts);
    starts.push(((first.attempts[0] as number) - due.getTime()) / (24 * hourMs));
  }
  expect(Math.min(...starts)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...starts)).toBeLessThan(1);
  for (const tenth of Array.from({ length: 10 }, (_, n) => n / 10)) {
    expect(starts.filter((start) => start >= tenth && start < tenth + 0.1).length).toBeGreaterThan(2);
  }
});

test('after two hours of throttling the default policy still retries: 185 retries take most of 24 hours', async () => {
  const { attempts, letters } = await deliverNow(throttled);
  const late = attempts.filter((at) => at > due.getTime() + 2 * hourMs);
  expect(late.length).toBeGreaterThan(100);
  expect((attempts.at(-1) as number) - due.getTime()).toBeGreaterThan(20 * hourMs);
  expect((attempts.at(-1) as number) - due.getTime()).toBeLessThanOrEqual(24 * hourMs);
  expect(letters).toHaveLength(1);
});

test('pauses grow from a second', () => {
  for (const [retry, least, most] of [
    [0, 500, 1000],
    [3, 4000, 8000],
    [20, 300_000, 623_000],
  ] as const) {
    const pause = pauseMs(retry, 185, 24 * hourMs);
    expect(pause).toBeGreaterThanOrEqual(least);
    expect(pause).toBeLessThanOrEqual(most);
  }
});

test('the age at which retries end counts from the start within the window', async () => {
  const { attempts, letters } = await deliverNow((attempt) => (attempt === 1 ? throttled() : undefined), {
    Name: 'late',
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 1440 },
    Target: { Arn: functionArn, RoleArn: 'r', RetryPolicy: { MaximumEventAgeInSeconds: 60 } },
  });
  expect(attempts[0]).toBeGreaterThan(due.getTime() + 60_000);
  expect([attempts.length, letters.length]).toEqual([2, 0]);
});

test('an error of the network, which has no HTTP status, is retried', async () => {
  const { attempts } = await deliverNow((attempt) =>
    attempt === 1 ? Object.assign(new Error('connect ECONNREFUSED'), { name: 'Error' }) : undefined,
  );
  expect(attempts).toHaveLength(2);
});
