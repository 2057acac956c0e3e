import { sumOfProportions } from '../intervals/wilson';
import { listLabels } from '../labelText';
import type { Metric } from '../metric';

/** sklearn.metrics.balanced_accuracy_score: classes that y_true lacks are left out. */
export const balancedAccuracy: Metric<'classes'> = {
  name: 'balanced_accuracy',
  tasks: ['classification'],
  needs: 'classes',
  range: [0, 1],
  better: 'higher',
  compute({ hits, support }) {
    let sum = 0;
    let classes = 0;
    for (let i = 0; i < hits.length; i++) {
      if (support[i] === 0) continue;
      sum += (hits[i] as number) / (support[i] as number);
      classes++;
    }
    return sum / classes;
  },
  undefined({ labels, support, predicted }) {
    const absent = labels.filter((_, i) => support[i] === 0 && (predicted[i] as number) > 0);
    return absent.length > 0 ? `left out, as y_true has none of them: ${listLabels(absent)}` : undefined;
  },
  interval({ hits, support }) {
    const present = [...support.keys()].filter((i) => (support[i] as number) > 0);
    return sumOfProportions(
      present.map((i) => ({
        weight: 1 / present.length,
        successes: hits[i] as number,
        trials: support[i] as number,
      })),
    );
  },
};
