export const quantile = (values: number[], q: number) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
};

export const round = (value: number, digits = 2) => Number(value.toFixed(digits));

/** The milliseconds of each of `times` calls, one after the other, after a few that are not counted. */
export const timed = async (times: number, call: (n: number) => unknown): Promise<number[]> => {
  const warmUp = Math.ceil(times / 10);
  const taken: number[] = [];
  for (let n = 0; n < warmUp + times; n++) {
    const start = performance.now();
    await call(n);
    if (n >= warmUp) taken.push(performance.now() - start);
  }
  return taken;
};

/** Calls `work` with 0, 1, ... until it has been called `count` times or for `ms`; so many at a time. */
export const inTurn = async (
  width: number,
  { count = Number.POSITIVE_INFINITY, ms = Number.POSITIVE_INFINITY },
  work: (n: number) => Promise<unknown>,
) => {
  const start = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < count && performance.now() - start < ms) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return (performance.now() - start) / 1000;
};

/** A JSON list of so many labels of five classes, a tenth of the predictions wrong. */
export const labels = (count: number, predicted: boolean) =>
  `[${Array.from({ length: count }, (_, n) => ((Math.imul(n, 2654435761) >>> 13) + Number(predicted && n % 10 === 0)) % 5).join(', ')}]`;
