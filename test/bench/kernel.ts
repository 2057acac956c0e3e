import { accuracy } from '../../lib/accuracy/accuracy';

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

export const benchKernel = (counts: number[]) =>
  (process.env.KINDS?.split(',') ?? Object.keys(kinds)).flatMap((kind) =>
    counts.map((count) => {
      const a = column(kind, count, false);
      const b = column(kind, count, true);
      const rounds = Math.max(5, Math.min(300, Math.round(3_000_000 / count)));
      const ms = sideBySide(rounds, {
        accuracy: () => accuracy(a, b),
        byteLoop: () => byteLoop(a, b),
        compare: () => Buffer.compare(a, b),
        parse: () => parseAndLoop(a, b),
      }) as { accuracy: number; byteLoop: number; parse: number };
      return {
        labels: kind,
        count,
        ms: Number(ms.accuracy.toFixed(3)),
        'times the byte loop': Number((ms.accuracy / ms.byteLoop).toFixed(2)),
        'JSON.parse and a loop, times ours': Number((ms.parse / ms.accuracy).toFixed(2)),
      };
    }),
  );
