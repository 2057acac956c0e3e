import { accuracy } from '../../lib/metrics/accuracy';
import type { Stage } from './stage';

/** Labels by kind; `n` of them, about a tenth of the predictions wrong, the same every time. */
const kinds: Record<string, (n: number) => unknown> = {
  integers: (n) => n % 5,
  'long integers': (n) => 100_000 + (n % 977),
  'integers of 18 digits': (n) => BigInt('123456789012340000') + BigInt(n % 977),
  'escaped strings': (n) => ['Äpfel', 'Birne', 'Citrön'][n % 3],
  'mixed strings and numbers': (n) => [n % 3, 'dog'][n % 2],
  'continuous floats (refused)': (n) => n / 7,
  'short strings': (n) => ['cat', 'dog', 'emu', 'fox'][n % 4],
  'long strings': (n) => `a class with quite a long name, number ${n % 20}`,
  floats: (n) => (n % 5) + 0,
  booleans: (n) => n % 3 === 0,
  multilabel: (n) => [n % 2, (n >> 1) % 2, (n >> 2) % 2],
};

/** As Python's json.dumps writes it. */
const stringify = (label: unknown) =>
  typeof label === 'bigint'
    ? String(label)
    : JSON.stringify(label).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

const column = (kind: string, count: number, wrong: boolean): Buffer => {
  const label = kinds[kind] as (n: number) => unknown;
  const labels = Array.from({ length: count }, (_, n) => stringify(label(wrong && n % 10 === 0 ? n + 1 : n)));
  return Buffer.from(`[${labels.map((text) => (kind === 'floats' ? `${text}.0` : text)).join(',')}]`);
};

/** The limit: both texts read once, byte by byte. */
const byteLoop = (a: Buffer, b: Buffer) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] as number;
  for (let i = 0; i < b.length; i++) sum += b[i] as number;
  return sum;
};

const parseAndLoop = (a: Buffer, b: Buffer) => {
  const yTrue = JSON.parse(a.toString());
  const yPred = JSON.parse(b.toString());
  let matches = 0;
  for (let i = 0; i < yTrue.length; i++) {
    const [t, p] = [yTrue[i], yPred[i]];
    if (Array.isArray(t) ? t.every((x: unknown, k: number) => x === p[k]) : t === p) matches++;
  }
  return matches / yTrue.length;
};

/** Milliseconds, the best of several runs in turn with the others: the machine may be busy with something else. */
const sideBySide = (rounds: number, candidates: Record<string, () => unknown>): Record<string, number> => {
  const best: Record<string, number> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(candidates)) {
      const start = performance.now();
      run();
      best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, performance.now() - start);
    }
  }
  return best;
};

const megabytes = (bytes: number) => Number((bytes / 2 ** 20).toFixed(1));

/** How much the process grew at most while it scored, above the texts: buffers and whatever is made of them. */
const memory = (kind: string, count: number) => {
  const a = column(kind, count, false);
  const b = column(kind, count, true);
  global.gc?.();
  const before = process.memoryUsage();
  accuracy(a, b);
  const after = process.memoryUsage();
  const made = after.heapUsed + after.external - before.heapUsed - before.external;
  const texts = a.length + b.length;
  return {
    labels: kind,
    count,
    'texts MB': megabytes(texts),
    'made MB': megabytes(made),
    'all in all, times the texts': Number(((texts + Math.max(0, made)) / texts).toFixed(2)),
  };
};

const time = (kind: string, count: number) => {
  const a = column(kind, count, false);
  const b = column(kind, count, true);
  const copy = Buffer.from(a);
  const ms = sideBySide(Math.max(3, Math.min(5000, Math.round(500_000 / count))), {
    accuracy: () => accuracy(a, b),
    byteLoop: () => byteLoop(a, b),
    compare: () => Buffer.compare(a, copy),
    parse: () => parseAndLoop(a, b),
  }) as Record<'accuracy' | 'byteLoop' | 'compare' | 'parse', number>;
  return {
    labels: kind,
    count,
    ms: Number(ms.accuracy.toFixed(4)),
    'times the byte loop': Number((ms.accuracy / ms.byteLoop).toFixed(2)),
    'times Buffer.compare': Number((ms.accuracy / ms.compare).toFixed(1)),
    'JSON.parse and a loop, times ours': Number((ms.parse / ms.accuracy).toFixed(2)),
  };
};

/** The score of two texts of JSON, beside other ways to read them. */
export const benchKernel = async ({ small }: Stage) => {
  const counts = small ? [10, 1000] : [10, 1000, 100_000, 1_000_000];
  const rows = Object.keys(kinds).flatMap((kind) => counts.map((count) => time(kind, count)));
  if (!small) rows.push(time('integers', 10_000_000));
  return { rows, memory: Object.keys(kinds).map((kind) => memory(kind, small ? 1000 : 300_000)) };
};
