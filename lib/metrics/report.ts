import type { ClassCounts, Confusion } from './counts/confusion';
import type { Multilabel } from './counts/multilabel';
import type { Label } from './decode/labels';

const mostClasses = 200;

/** A class as JSON holds it; integers beyond 2^53 are strings of digits. */
export type ReportLabel = string | number;

export interface ClassReport {
  label: ReportLabel;
  /** Null where it is 0/0. */
  precision: number | null;
  recall: number | null;
  f1: number | null;
  support: number;
  predicted: number;
}

export interface Report {
  classes: ClassReport[];
  /** How many classes, the rarest in y_true, are not told. */
  classes_left_out: number;
  /** The confusion matrix of the classes above: rows of y_true, columns of y_pred. Null for rows of several labels. */
  confusion: number[][] | null;
}

const toJson = (label: Label): ReportLabel => (typeof label === 'bigint' ? String(label) : label);

const ratio = (over: number, under: number): number | null => (under === 0 ? null : over / under);

/** What sklearn.metrics.classification_report and confusion_matrix tell. */
export const report = (counts: Confusion | Multilabel): Report => {
  const told = mostSupported(counts);
  return {
    classes: told.map((at) => classReport(counts, at)),
    classes_left_out: counts.labels.length - told.length,
    confusion: 'cells' in counts ? matrix(counts, told) : null,
  };
};

const mostSupported = ({ labels, support, predicted }: ClassCounts): number[] => {
  const all = [...labels.keys()];
  if (all.length <= mostClasses) return all;
  const weight = (at: number) => (support[at] as number) + (predicted[at] as number) / 2 ** 32;
  return all
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, mostClasses)
    .sort((a, b) => a - b);
};

const classReport = ({ labels, hits, support, predicted }: ClassCounts, at: number): ClassReport => {
  const [h, s, p] = [hits[at] as number, support[at] as number, predicted[at] as number];
  return {
    label: toJson(labels[at] as Label),
    precision: ratio(h, p),
    recall: ratio(h, s),
    f1: ratio(2 * h, s + p),
    support: s,
    predicted: p,
  };
};

const matrix = ({ cells }: Confusion, told: number[]): number[][] => {
  const place = new Map(told.map((at, i) => [at, i]));
  const rows = told.map(() => new Array<number>(told.length).fill(0));
  for (let i = 0; i < cells.counts.length; i++) {
    const row = rows[place.get(cells.trueClasses[i] as number) ?? -1];
    const column = place.get(cells.predClasses[i] as number);
    if (row && column !== undefined) row[column] = cells.counts[i] as number;
  }
  return rows;
};
