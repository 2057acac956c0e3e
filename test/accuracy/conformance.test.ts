import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accuracy } from '../../lib/accuracy/accuracy';
import { InvalidData, type Reason } from '../../lib/accuracy/invalidData';
import { matchLabels } from '../../lib/accuracy/labels';
import { matchPlainLabels } from '../../lib/accuracy/plainLabels';

interface Case {
  y_true: string;
  y_pred: string;
  accuracy?: number;
  error?: string;
  /** What type_of_target says of each column alone. */
  types?: [string, string];
}

/** Reasons that take both columns, or stand above their labels, by what scikit-learn calls them. */
const REASONS: Record<string, Reason> = {
  'not a list': 'not_a_list',
  lengths: 'lengths',
  empty: 'empty',
  'row widths': 'row_widths',
  'strings and numbers': 'strings_and_numbers',
};

/** Reasons found in one column, and the target types they mean for it in scikit-learn. */
const TYPES: Partial<Record<Reason, RegExp>> = {
  null: /^(unknown|not sortable|sequence of sequences)$/,
  object: /^(unknown|not sortable|sequence of sequences)$/,
  big_integer: /^(unknown|not sortable)$/,
  ragged: /^(unknown|not sortable|sequence of sequences)$/,
  deep: /^(unknown|not sortable|sequence of sequences)$/,
  empty_rows: /^(unknown|not sortable|sequence of sequences)$/,
  infinity: /^infinity$/,
  continuous: /^(continuous|continuous-multioutput|infinity)$/,
  multioutput: /^(multiclass-multioutput|continuous-multioutput|infinity)$/,
};

const corpus: Case[] = readFileSync(join(__dirname, 'corpus.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

const scored = corpus.filter((pair) => pair.error === undefined);
const refused = corpus.filter((pair) => pair.error !== undefined);

function generalAccuracy(yTrue: Buffer, yPred: Buffer): number | InvalidData {
  try {
    const { matches, samples } = matchLabels(yTrue, yPred);
    return matches / samples;
  } catch (error) {
    if (error instanceof InvalidData) return error;
    throw error;
  }
}

function agrees({ error = '', types = ['', ''] }: Case, refusal: InvalidData): boolean {
  const { reason, column } = refusal;
  if (REASONS[error]) return reason === REASONS[error];
  if (error === 'depth' || error === 'digits') return true; // json.loads got no further than this
  if (reason === 'rows_and_labels')
    return error.startsWith('mix of ') && error.includes('multilabel-indicator');
  return TYPES[reason]?.test(column === 'y_true' ? types[0] : types[1]) ?? false;
}

/** The first pairs that fail. */
function failing(pairs: Case[], passes: (pair: Case, yTrue: Buffer, yPred: Buffer) => boolean): Case[] {
  return pairs
    .filter((pair) => !passes(pair, Buffer.from(pair.y_true), Buffer.from(pair.y_pred)))
    .slice(0, 5);
}

test('the corpus holds thousands of pairs of either outcome', () => {
  expect(scored.length).toBeGreaterThan(1500);
  expect(refused.length).toBeGreaterThan(1500);
});

test('every pair that scikit-learn scores gets the very same number', () => {
  const wrong = failing(scored, (pair, yTrue, yPred) => {
    const score = accuracy(yTrue, yPred);
    return score.status === 'ok' && Object.is(score.accuracy, pair.accuracy);
  });
  expect(wrong).toEqual([]);
});

test('every pair that scikit-learn refuses is invalid data', () => {
  expect(failing(refused, (_, ...columns) => accuracy(...columns).status === 'invalid_data')).toEqual([]);
});

test('the general path alone gives the same numbers', () => {
  const wrong = failing(scored, (pair, ...columns) => Object.is(generalAccuracy(...columns), pair.accuracy));
  expect(wrong).toEqual([]);
});

test('the fast path takes a good part of the corpus, and nothing that scikit-learn refuses', () => {
  const taken = (pairs: Case[]) =>
    pairs.filter(({ y_true, y_pred }) => matchPlainLabels(Buffer.from(y_true), Buffer.from(y_pred)));
  expect(taken(scored).length).toBeGreaterThan(scored.length / 2);
  expect(taken(refused)).toEqual([]);
});

test('the reason of a refusal is the one scikit-learn has', () => {
  const wrong = failing(refused, (pair, ...columns) => {
    const refusal = generalAccuracy(...columns);
    return refusal instanceof InvalidData && agrees(pair, refusal);
  });
  expect(wrong).toEqual([]);
});

test('every message names the column at fault', () => {
  const wrong = failing(refused, (_, ...columns) => {
    const refusal = generalAccuracy(...columns);
    return refusal instanceof InvalidData && refusal.message.includes(refusal.column ?? 'y_true');
  });
  expect(wrong).toEqual([]);
});
