import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accuracy } from '../../lib/metrics/accuracy';
import { readPairs } from '../../lib/metrics/counts/readPairs';
import { InvalidData, type Reason } from '../../lib/metrics/decode/invalidData';

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

const corpus: Case[] = readFileSync(join(__dirname, 'accuracyCorpus.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

const scored = corpus.filter((pair) => pair.error === undefined);
const refused = corpus.filter((pair) => pair.error !== undefined);

function refusal(yTrue: Buffer, yPred: Buffer): InvalidData | undefined {
  try {
    readPairs(yTrue, yPred, false);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidData) return error;
    throw error;
  }
}

function agrees({ error = '', types = ['', ''] }: Case, { reason, column }: InvalidData): boolean {
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

test('the reason of a refusal is the one scikit-learn has', () => {
  const wrong = failing(refused, (pair, ...columns) => {
    const found = refusal(...columns);
    return found !== undefined && agrees(pair, found);
  });
  expect(wrong).toEqual([]);
});

test('every message names the column at fault', () => {
  const wrong = failing(refused, (_, ...columns) => {
    const found = refusal(...columns);
    return found?.message.includes(found.column ?? 'y_true') ?? false;
  });
  expect(wrong).toEqual([]);
});
