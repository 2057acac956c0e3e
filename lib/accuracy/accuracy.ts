import { InvalidData } from './invalidData';
import { matchLabels } from './labels';
import { matchPlainLabels } from './plainLabels';

export type Score =
  | { status: 'ok'; accuracy: number; n_samples: number }
  | { status: 'invalid_data'; error: string };

/**
 * What sklearn.metrics.accuracy_score(json.loads(y_true), json.loads(y_pred)) of scikit-learn 1.9.1 returns,
 * to the last digit; `invalid_data` where it raises. The buffers are the UTF-8 texts of valid JSON.
 */
export function accuracy(yTrue: Buffer, yPred: Buffer): Score {
  try {
    const { matches, samples } = matchPlainLabels(yTrue, yPred) ?? matchLabels(yTrue, yPred);
    return { status: 'ok', accuracy: matches / samples, n_samples: samples };
  } catch (error) {
    if (error instanceof InvalidData) return { status: 'invalid_data', error: error.message };
    throw error;
  }
}
