import { Unavailable } from '../http/problem';

interface Waiting<T, R> {
  item: T;
  answer: (answer: R) => void;
  fail: (error: unknown) => void;
}

/**
 * Work on several items costs little more than on one: what is asked for in one moment, or while the last piece of work
 * is under way, is one piece. When that fails, and not because a store is away, each item is tried by itself, so that
 * none fails for another's fault; so the work must not mind being repeated.
 * @param work one answer for each item, in their order
 */
export const gather = <T, R>(work: (items: T[]) => Promise<R[]>) => {
  let waiting: Waiting<T, R>[] = [];
  let working = false;

  const workOn = async (batch: Waiting<T, R>[]): Promise<void> => {
    try {
      const answers = await work(batch.map(({ item }) => item));
      for (const [n, { answer }] of batch.entries()) answer(answers[n] as R);
    } catch (error) {
      if (batch.length === 1 || error instanceof Unavailable) {
        for (const { fail } of batch) fail(error);
        return;
      }
      await Promise.all(batch.map((one) => workOn([one])));
    }
  };

  const start = async () => {
    if (working) return;
    working = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await workOn(batch);
    }
    working = false;
  };

  return (item: T): Promise<R> =>
    new Promise((answer, fail) => {
      if (waiting.push({ item, answer, fail }) === 1) setImmediate(start);
    });
};
