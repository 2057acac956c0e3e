import type { Metric } from '../metric';

/** sklearn.metrics.matthews_corrcoef; where that is 0 because a column has one class only, it is undefined here. */
export const matthewsCorrcoef: Metric<'classes'> = {
  name: 'matthews_corrcoef',
  tasks: ['classification'],
  needs: 'classes',
  range: [-1, 1],
  better: 'higher',
  compute({ n, hits, support, predicted }) {
    let right = 0;
    let both = 0;
    let trueSquares = 0;
    let predSquares = 0;
    for (let i = 0; i < hits.length; i++) {
      const s = support[i] as number;
      const p = predicted[i] as number;
      right += hits[i] as number;
      both += s * p;
      trueSquares += s * s;
      predSquares += p * p;
    }
    return (right * n - both) / Math.sqrt((n * n - predSquares) * (n * n - trueSquares));
  },
  undefined({ n, support, predicted }) {
    const column = support.includes(n) ? 'y_true' : predicted.includes(n) ? 'y_pred' : undefined;
    return column && `0/0: ${column} has one class only`;
  },
  interval: 'bootstrap',
};
