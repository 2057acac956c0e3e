type Work = () => Promise<void>;

/** Who was served within this time waits for those who were not. */
const restMs = 1000;

/** Work of many callers, some of it at a time. A caller who asks without rest waits for those who ask now and then. */
export const fairQueue = (limit: number, now = () => performance.now()) => {
  const served = new WeakMap<object, number>();
  const first: Work[] = [];
  const then: Work[] = [];
  let running = 0;

  const next = () => {
    while (running < limit) {
      const work = first.shift() ?? then.shift();
      if (!work) return;
      running++;
      work().finally(() => {
        running--;
        next();
      });
    }
  };

  /** Does the work now or later. @param caller who it is for */
  return <T>(caller: object, work: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const rested = now() - (served.get(caller) ?? Number.NEGATIVE_INFINITY) > restMs;
      (rested ? first : then).push(() => {
        served.set(caller, now());
        return work().then(resolve, reject);
      });
      next();
    });
};
