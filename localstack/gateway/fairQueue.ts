type Work = () => Promise<void>;

/** Who has been served within this time waits for those who have not. */
const restMs = 1000;

/** What callers wait for, in the order they came; each gets its turn before any gets a second one. */
const newRound = () => {
  const waiting = new Map<object, Work[]>();
  return {
    add: (caller: object, work: Work) => {
      const works = waiting.get(caller);
      if (works) works.push(work);
      else waiting.set(caller, [work]);
    },
    take: (): Work | undefined => {
      const [turn] = waiting;
      if (!turn) return undefined;
      const [caller, works] = turn;
      const work = works.shift();
      waiting.delete(caller);
      if (works.length > 0) waiting.set(caller, works);
      return work;
    },
  };
};

/**
 * Work of many callers, at most `limit` at a time, with a pause after each. One who asks for much waits longest: others are served in between, and
 * those who ask now and then before all.
 */
export const fairQueue = (limit: number, pauseMs = 0) => {
  const served = new WeakMap<object, number>();
  const rested = newRound();
  const busy = newRound();
  let running = 0;

  const done = () => {
    running--;
    next();
  };

  const next = () => {
    while (running < limit) {
      const work = rested.take() ?? busy.take();
      if (!work) return;
      running++;
      work().finally(() => {
        if (pauseMs > 0) setTimeout(done, pauseMs);
        else done();
      });
    }
  };

  /** Does the work now or later. @param caller who it is for */
  return <T>(caller: object, work: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const isRested = performance.now() - (served.get(caller) ?? Number.NEGATIVE_INFINITY) > restMs;
      (isRested ? rested : busy).add(caller, () => {
        served.set(caller, performance.now());
        return work().then(resolve, reject);
      });
      next();
    });
};
