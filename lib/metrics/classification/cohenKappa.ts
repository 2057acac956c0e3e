import type { Confusion } from '../counts/confusion';
import type { Metric, Options } from '../metric';

/** The agreement that was met and the one of chance, as sums over the classes that are asked for, and their samples. */
const agreement = ({ hits, cells, labels, n, support, predicted }: Confusion, { chosen }: Options) => {
  let [total, right, chance] = [n, 0, 0];
  let [rows, columns] = [support, predicted];
  const asked = chosen && new Set(chosen);
  if (asked) {
    rows = new Float64Array(labels.length);
    columns = new Float64Array(labels.length);
    total = 0;
    for (let i = 0; i < cells.counts.length; i++) {
      const [t, p, count] = [
        cells.trueClasses[i] as number,
        cells.predClasses[i] as number,
        cells.counts[i] as number,
      ];
      if (!asked.has(t) || !asked.has(p)) continue;
      rows[t] = (rows[t] as number) + count;
      columns[p] = (columns[p] as number) + count;
      total += count;
    }
  }
  for (let i = 0; i < labels.length; i++) {
    if (asked && !asked.has(i)) continue;
    right += hits[i] as number;
    chance += (rows[i] as number) * (columns[i] as number);
  }
  return { total, right, chance };
};

/** sklearn.metrics.cohen_kappa_score without weights. */
export const cohenKappa: Metric<'confusion'> = {
  name: 'cohen_kappa',
  tasks: ['classification'],
  needs: 'confusion',
  range: [-1, 1],
  better: 'higher',
  compute(counts, options) {
    const { total, right, chance } = agreement(counts, options);
    return 1 - ((total - right) * total) / (total ** 2 - chance);
  },
  undefined(counts, options) {
    const { total, chance } = agreement(counts, options);
    if (total === 0) return 'no sample has a label of `labels` in both columns';
    return total ** 2 === chance ? '0/0: both columns have one and the same class only' : undefined;
  },
  interval: 'bootstrap',
};
