/** Lets at most `width` pieces of work run at a time; the others wait for their turn, first come first served. */
export const limit = (width: number) => {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= width) await new Promise<void>((turn) => waiting.push(turn));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift(); // hands its place on, so `running` stays
      if (next) next();
      else running--;
    }
  };
};
