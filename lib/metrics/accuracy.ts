import { matches } from './counts/matches';
import { type LabelPairs, readPairs } from './counts/readPairs';
import { InvalidData } from './decode/invalidData';

export type Score =
  | { status: 'ok'; accuracy: number; n_samples: number }
  | { status: 'invalid_data'; error: string };

/**
 * What sklearn.metrics.accuracy_score(json.loads(y_true), json.loads(y_pred)) of scikit-learn 1.9.1 returns, to the last
 * digit; `invalid_data` where it raises. The buffers are the UTF-8 texts of valid JSON.
 */
export const accuracy = (yTrue: Buffer, yPred: Buffer): Score => {
  try {
    const pairs: LabelPairs = readPairs(yTrue, yPred, false);
    return { status: 'ok', accuracy: matches(pairs) / pairs.samples, n_samples: pairs.samples };
  } catch (error) {
    if (error instanceof InvalidData) return { status: 'invalid_data', error: error.message };
    throw error;
  }
};
