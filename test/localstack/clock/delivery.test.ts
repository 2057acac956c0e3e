import { type DeadLetter, deliver } from '../../../localstack/clock/delivery';
import { functionError, type Outcome } from '../../../localstack/lambda/invocation';

const due = new Date('2026-03-01T10:01:00Z');
const succeeded: Outcome = { type: 'success', payload: Buffer.from('{}') };
const maximumWindowMs = 1440 * 60_000;

/** Delivers with a time that only passes where it is slept: when each attempt was made, and the dead letters. */
const deliverLate = async (name: string, answers: Outcome[]) => {
  let now = due.getTime();
  const attempts: number[] = [];
  const letters: DeadLetter[] = [];
  const options = {
    invoke: async () => answers.shift() as Outcome,
    turn: <T>(work: () => Promise<T>) => {
      attempts.push(now);
      return work();
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
  const schedule = {
    Name: name,
    FlexibleTimeWindow: { Mode: 'FLEXIBLE' as const, MaximumWindowInMinutes: 1440 },
    Target: { Arn: 'a', RoleArn: 'b', RetryPolicy: { MaximumEventAgeInSeconds: 60 } },
  };
  await deliver(options, { schedule, time: due });
  return { attempts, letters };
};

test('a delivery starts within its window, at the same moment in every clock, and in no turn before it', async () => {
  const starts = [];
  for (let n = 0; n < 100; n++) {
    const [first, second] = await Promise.all([
      deliverLate(`m-${n}`, [succeeded]),
      deliverLate(`m-${n}`, [succeeded]),
    ]);
    expect(second.attempts).toEqual(first.attempts);
    starts.push(((first.attempts[0] as number) - due.getTime()) / maximumWindowMs);
  }
  expect(Math.min(...starts)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...starts)).toBeLessThan(1);
  for (const tenth of Array.from({ length: 10 }, (_, n) => n / 10)) {
    expect(starts.filter((start) => start >= tenth && start < tenth + 0.1).length).toBeGreaterThan(2);
  }
});

test.each(['not JSON', 'null', '7', '{}', ''])(
  'a failure told as %j is retried like any other',
  async (told) => {
    const failed: Outcome = { type: 'functionError', payload: Buffer.from(told) };
    const { attempts, letters } = await deliverLate('odd', [failed, succeeded]);
    expect([attempts.length, letters.length]).toEqual([2, 0]);
  },
);

test('the age at which retries end counts from the start within the window', async () => {
  const failed = functionError('Broken', 'no store');
  const { attempts, letters } = await deliverLate('late', [failed, succeeded]);
  expect(attempts[0]).toBeGreaterThan(due.getTime() + 60_000);
  expect([attempts.length, letters.length]).toEqual([2, 0]);
});
