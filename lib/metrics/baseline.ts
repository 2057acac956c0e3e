import type { Counted } from './count';
import { type ClassCounts, type Confusion, confusion } from './counts/confusion';
import { type Multilabel, multilabel } from './counts/multilabel';
import type { AnyMetric, Options } from './metric';

/** What the same labels would count with one and the same prediction for all. */
export type Constants = { classes: ClassCounts[]; confusion: Confusion[]; multilabel: Multilabel[] };

/** Of classes the best constant is the most frequent one, or the positive one where only that counts. */
export const constantClasses = (counts: Confusion, pos: number): Confusion[] => {
  const chosen = new Set([mostFrequent(counts), pos]);
  return [...chosen].filter((at) => at >= 0).map((at) => constantly(counts, at));
};

const mostFrequent = ({ support }: ClassCounts): number =>
  support.indexOf(support.reduce((most, count) => Math.max(most, count), 0));

const constantly = ({ labels, support }: Confusion, predicted: number): Confusion => {
  const present = Int32Array.from(support.keys()).filter((at) => (support[at] as number) > 0);
  return confusion(labels, {
    trueClasses: present,
    predClasses: present.map(() => predicted),
    counts: Float64Array.from(present, (at) => support[at] as number),
  });
};

/** Of rows: all labels, none, those that most samples have, and the most frequent row. */
export const constantRows = (counts: Multilabel): Multilabel[] => {
  const { labels, support, n, pairs } = counts;
  const width = labels.length;
  const frequent = mostFrequentRow(counts);
  const rows = [
    new Uint8Array(width).fill(1),
    new Uint8Array(width),
    Uint8Array.from(support, (count) => (2 * count > n ? 1 : 0)),
    pairs.trueRows.subarray(frequent * width, (frequent + 1) * width),
  ];
  return rows.map((row) => {
    const predRows = new Uint8Array(pairs.predRows.length);
    for (let i = 0; i < pairs.counts.length; i++) predRows.set(row, i * width);
    return multilabel(labels, { ...pairs, predRows });
  });
};

const mostFrequentRow = ({ labels, pairs }: Multilabel): number => {
  const width = labels.length;
  const counts = new Map<string, { key: string; at: number; count: number }>();
  let best = { key: '', at: 0, count: 0 };
  for (let i = 0; i < pairs.counts.length; i++) {
    const key = Buffer.from(pairs.trueRows.subarray(i * width, (i + 1) * width)).toString('latin1');
    const row = counts.get(key) ?? { key, at: i, count: 0 };
    row.count += pairs.counts[i] as number;
    counts.set(key, row);
  }
  for (const row of counts.values()) {
    if (row.count > best.count || (row.count === best.count && row.key > best.key)) best = row;
  }
  return best.at;
};

/** The best value that any of the constants has; NaN where it is undefined for all. */
export const baselineOf = (metric: AnyMetric, { counts, constants }: Counted, options: Options): number => {
  const of = counts[metric.needs];
  if (!of) return Number.NaN;
  if (metric.baseline) return metric.baseline(of as never, options);
  const values = (constants[metric.needs as keyof Constants] ?? [])
    .map((constant) => metric.compute(constant as never, options))
    .filter((value) => !Number.isNaN(value));
  if (values.length === 0) return Number.NaN;
  return metric.better === 'higher' ? Math.max(...values) : Math.min(...values);
};
