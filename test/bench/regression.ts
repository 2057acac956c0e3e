/** What a thing costs, in runs of the calibration loop, by its name. */
export type Costs = Record<string, number>;

/** Milliseconds, a rate, or the seconds of a median. Tails (p99, max) say more of the machine than of the code. */
const isMs = (name: string) => /\bms\b/.test(name) && !/p99|max/.test(name);
const isRate = (name: string) => name.endsWith('/s');
const isSeconds = (name: string) => name.endsWith(' p50');

const costOf = (name: string, value: unknown, loopMs: number): number | undefined => {
  if (typeof value !== 'number' || !(value > 0)) return;
  if (isMs(name)) return value / loopMs;
  if (isSeconds(name)) return (value * 1000) / loopMs;
  if (isRate(name)) return 1000 / value / loopMs;
};

/** The measured columns of a table; what stands before the first of them says which row it is. */
const costsOfTable = (table: string, rows: Record<string, unknown>[], loopMs: number): [string, number][] =>
  rows.flatMap((row) => {
    const columns = Object.entries(row);
    const costs = columns.map(([name, value]) => costOf(name, value, loopMs));
    const first = costs.findIndex((cost) => cost !== undefined);
    const key = columns.slice(0, Math.max(0, first)).map(([name, value]) => `${name} ${value}`);
    return columns.flatMap(([name], n): [string, number][] => {
      const cost = costs[n];
      return cost === undefined ? [] : [[[table, ...key, name].join(', '), Number(cost.toPrecision(3))]];
    });
  });

/** The costs in what a section has found. */
export const costsOf = (section: string, found: Record<string, unknown>, loopMs: number): Costs =>
  Object.fromEntries(
    Object.entries(found).flatMap(([name, value]) =>
      Array.isArray(value)
        ? costsOfTable(name === 'rows' ? section : `${section} ${name}`, value, loopMs)
        : [],
    ),
  );

export interface Comparison {
  compared: number;
  /** The worst first: its name, and how many times what it was. */
  slower: [name: string, times: number][];
}

/** What costs more than `tolerance` times what it did. What only one of the two has is not compared. */
export const compare = (before: Costs, now: Costs, tolerance: number): Comparison => {
  const common = Object.entries(now).flatMap(([name, cost]): [string, number][] =>
    before[name] === undefined ? [] : [[name, cost / before[name]]],
  );
  const slower = common.filter(([, times]) => times > tolerance);
  return { compared: common.length, slower: slower.sort(([, a], [, b]) => b - a) };
};

const text = JSON.stringify(Array.from({ length: 20_000 }, (_, n) => [n, `label ${n % 97}`, n / 7]));

/** Some of what our code does: JSON, strings, maps and integers. */
const loop = () => {
  const counts = new Map<string, number>();
  for (const [n, label] of JSON.parse(text)) counts.set(label, (counts.get(label) ?? 0) + n);
  const bytes = Buffer.from(text);
  let sum = 0;
  for (let i = 0; i < bytes.length; i++) sum = (Math.imul(sum, 31) + (bytes[i] as number)) | 0;
  return sum + counts.size;
};

/** Milliseconds of the loop at this moment: the median, as a section too is held up by what else the machine does. */
export const loopMs = (): number => {
  for (let n = 0; n < 20; n++) loop();
  const taken = Array.from({ length: 51 }, () => {
    const start = performance.now();
    loop();
    return performance.now() - start;
  });
  return taken.sort((a, b) => a - b)[25] as number;
};
