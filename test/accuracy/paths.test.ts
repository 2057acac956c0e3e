import fc from 'fast-check';
import { accuracy } from '../../lib/accuracy/accuracy';
import { InvalidData } from '../../lib/accuracy/invalidData';
import { type Matches, matchLabels } from '../../lib/accuracy/labels';
import { matchPlainLabels } from '../../lib/accuracy/plainLabels';

const space = fc.constantFrom('', '', '', ' ', '\n', '\t', '\r\n', '  ');

/** A JSON list of these tokens, with white space anywhere it may be. */
function listOf(tokens: string[]): fc.Arbitrary<string> {
  return fc
    .array(space, { minLength: 2 * tokens.length + 3, maxLength: 2 * tokens.length + 3 })
    .map(([first = '', last = '', inside = '', ...around]) => {
      const spaced = tokens.map((token, at) => `${around[2 * at]}${token}${around[2 * at + 1]}`);
      return `${first}[${tokens.length === 0 ? inside : spaced.join(',')}]${last}`;
    });
}

function pairOf(token: fc.Arbitrary<string>): fc.Arbitrary<{ columns: [string, string]; samples: number }> {
  return fc
    .array(fc.tuple(token, token, fc.boolean()), { minLength: 1, maxLength: 30 })
    .chain((rows) =>
      fc
        .tuple(listOf(rows.map(([label]) => label)), listOf(rows.map(([a, b, same]) => (same ? a : b))))
        .map((columns) => ({ columns, samples: rows.length })),
    );
}

const integer = fc.oneof(
  fc.integer({ min: -12, max: 12 }).map(String),
  fc.maxSafeInteger().map(String),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
  fc.constant('-0'),
);
const text = fc.oneof(
  fc.constantFrom('"a"', '"b"', '"ab"', '""', '","', '"]"', '"\\u0061"', '"a\\u0000"', '"\\\\"', '"é"'),
  fc.string({ unit: 'binary' }).map((label) => JSON.stringify(label)),
);
const escaped = fc.constantFrom(
  '"\\u0061"',
  '"a"',
  '"a\\u0000"',
  '"a\\\\"',
  '"a\\""',
  '"\\u00e9"',
  '"é"',
  '"\\ud800"',
  '"\\/"',
  '"/"',
);
const boundary = fc
  .constantFrom(2n ** 53n, 10n ** 15n, 10n ** 18n, 2n ** 63n, 9n * 10n ** 18n)
  .chain((bound) => fc.bigInt({ min: -bound - 2n, max: bound + 2n }).map(String));
const number = fc.oneof(
  fc.constantFrom('0', '1', '-0', '-0.0', '0.0', '1.0', '1.00', 'true', 'false', '-1', '10', '10.0'),
  fc.constantFrom('1.5', '1e0', '1.0e1', '0.01', '999999999999999', '9999999999999999', '999999999999999.0'),
);
/** Rows, as single tokens. */
const row = fc
  .array(fc.constantFrom('0', '1', '1', '0.0', 'true', 'false', '-0', '2'), { minLength: 1, maxLength: 3 })
  .chain((labels) => listOf(labels));
const rowOfTwo = fc.array(fc.constantFrom('0', '1.0'), { minLength: 2, maxLength: 2 }).chain(listOf);
const other = fc.constantFrom(
  '1.0',
  '1e0',
  '-0.0',
  'true',
  'false',
  'null',
  '[1]',
  '[]',
  '{"a":[1]}',
  '1e999',
);

function buffers([yTrue, yPred]: [string, string]): [Buffer, Buffer] {
  return [Buffer.from(yTrue), Buffer.from(yPred)];
}

function general(columns: [string, string]): Matches | undefined {
  try {
    return matchLabels(...buffers(columns));
  } catch (error) {
    if (error instanceof InvalidData) return undefined;
    throw error;
  }
}

const runs = { numRuns: 5000 };

test.each([
  ['integers', integer],
  ['strings', text],
  ['strings with escapes', escaped],
  ['integers about to be too large', boundary],
  ['numbers and booleans', number],
  ['whole numbers and booleans', fc.constantFrom('0', '1', '1.0', '-0.0', '2.000', 'true', 'false')],
  ['rows', row],
  ['rows of one width', rowOfTwo],
  ['small integers', fc.constantFrom('0', '1', '-1', '10')],
  ['anything', fc.oneof({ weight: 6, arbitrary: integer }, { weight: 3, arbitrary: text }, other)],
])('the fast path over %s finds what the general path finds, or leaves it to that', (_, token) => {
  fc.assert(
    fc.property(pairOf(token), ({ columns }) => {
      const fast = matchPlainLabels(...buffers(columns));
      if (fast !== undefined) expect(fast).toEqual(general(columns));
    }),
    runs,
  );
});

test.each([
  ['int64', fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }).map(String)],
  ['strings', fc.oneof(escaped, text)],
  ['whole numbers of up to 15 digits', fc.integer().map((n) => `${n}.0`)],
  ['booleans', fc.boolean().map(String)],
  [
    'integers, whole numbers and booleans',
    fc.constantFrom('0', '1', '1.0', '-0.0', '2.000', 'true', 'false'),
  ],
  ['rows of one width', rowOfTwo],
])('the fast path takes every list of %s', (_, token) => {
  fc.assert(
    fc.property(pairOf(token), ({ columns, samples }) => {
      expect(matchPlainLabels(...buffers(columns))?.samples).toBe(samples);
    }),
    runs,
  );
});

test('lists of classes as Python and JavaScript write them: the fast path finds what the general path finds', () => {
  const digit = fc.integer({ min: 0, max: 9 }).map(String);
  const label = fc.oneof({ weight: 40, arbitrary: digit }, { weight: 1, arbitrary: integer }, other);
  const delimiter = fc.constantFrom(',', ', ');
  const rows = fc.array(fc.tuple(label, label, fc.boolean()), { minLength: 1, maxLength: 60 });
  const found = { plain: 0, labels: 0 };
  fc.assert(
    fc.property(rows, delimiter, delimiter, (labels, trueDelimiter, predDelimiter) => {
      const yTrue = labels.map(([label]) => label).join(trueDelimiter);
      const yPred = labels.map(([a, b, same]) => (same ? a : b)).join(predDelimiter);
      const columns: [string, string] = [`[${yTrue}]`, `[${yPred}]`];
      const fast = matchPlainLabels(...buffers(columns));
      if (fast === undefined) return;
      found.plain++;
      found.labels += fast.samples;
      expect(fast).toEqual(general(columns));
    }),
    runs,
  );
  expect(found.plain).toBeGreaterThan(runs.numRuns / 5);
  expect(found.labels / found.plain).toBeGreaterThan(5);
});

test('the general path reads integers just below 2^53 to the last digit', () => {
  const labels = `[${'9007199254740985,'.repeat(3)}9007199254740992]`;
  expect(general([labels.replace(/\d+]/, '1]'), labels])).toEqual({ matches: 3, samples: 4 });
});

/** A number, spelt as JSON may. */
const spellings = (value: number): fc.Arbitrary<string> =>
  fc
    .integer({ min: 0, max: 30 })
    .chain((n) =>
      fc.constantFrom(
        String(value),
        value.toExponential(),
        value.toExponential(Math.min(n, 20)),
        `${BigInt(value)}.0`,
        `${BigInt(value)}E-0`,
        `${BigInt(value)}${'0'.repeat(n)}e-${n}`,
        `${BigInt(value)}.${'0'.repeat(n + 1)}e+00`,
      ),
    );

test('a whole number is the double that its spelling is nearest to, whatever its exponent', () => {
  const whole = fc
    .tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 3 }))
    .map(([digits, power]) => digits * 10 ** power);
  fc.assert(
    fc.property(
      whole.chain((value) => fc.tuple(spellings(value), spellings(value))),
      ([a, b]) => {
        const matches = Number(a) === Number(b) ? 1 : 0;
        // The float next to it makes all of them floats.
        expect(general([`[${a},1.0]`, `[${b},2.0]`])).toEqual({ matches, samples: 2 });
      },
    ),
    runs,
  );
});

test('n_samples is the length of the lists', () => {
  fc.assert(
    fc.property(pairOf(fc.oneof(text, fc.constantFrom('1', 'true', '2.5'))), ({ columns, samples }) => {
      const score = accuracy(...buffers(columns));
      if (score.status === 'ok') expect(score.n_samples).toBe(samples);
    }),
    runs,
  );
});

test('lists of different lengths are never scored', () => {
  fc.assert(
    fc.property(pairOf(integer), pairOf(integer), (a, b) => {
      fc.pre(a.samples !== b.samples);
      expect(accuracy(...buffers([a.columns[0], b.columns[1]])).status).toBe('invalid_data');
    }),
    runs,
  );
});

test('no JSON makes it throw', () => {
  fc.assert(
    fc.property(fc.json(), fc.json(), fc.boolean(), (yTrue, yPred, same) => {
      const score = accuracy(...buffers([yTrue, same ? yTrue : yPred]));
      expect(['ok', 'invalid_data']).toContain(score.status);
    }),
    runs,
  );
});

test.each([
  ['lists', '['.repeat(300_000) + ']'.repeat(300_000)],
  ['lists in a list of labels', `[1,${'['.repeat(300_000)}${']'.repeat(300_000)}]`],
  ['objects', `${'{"a":'.repeat(300_000)}1${'}'.repeat(300_000)}`],
  ['objects in lists', `[${'{"a":['.repeat(300_000)}${']}'.repeat(300_000)}]`],
])('%s nested hundreds of thousands deep are invalid data', (_, deep) => {
  expect(accuracy(...buffers([deep, deep])).status).toBe('invalid_data');
  expect(accuracy(...buffers(['[1]', deep])).status).toBe('invalid_data');
});

test('an integer of a million digits is invalid data', () => {
  const huge = `[${'9'.repeat(1_000_000)}]`;
  expect(accuracy(...buffers([huge, huge]))).toEqual({
    status: 'invalid_data',
    error: 'y_true holds an integer that does not fit into 64 bits (sample 0, counted from 0)',
  });
});

test.each([
  ['', ''],
  ['[', '['],
  ['[1', '[1'],
  ['["a', '["a'],
  ['["a]', '["b\\"]'],
  ['["]', '["]'],
  ['[t]', '[-]'],
  ['[[1]', '[[1]'],
  ['[1,', '[1,2]'],
  ['[[1,', '[["'],
  ['nonsense', '[1'],
])('a text cut short (%j, %j) comes to an end all the same', (...columns) => {
  expect(['ok', 'invalid_data']).toContain(accuracy(...buffers(columns)).status);
});

test.each([
  ['{"a":1}', '[1]', 'y_true is not a list of labels but an object'],
  ['[1]', 'null', 'y_pred is not a list of labels but null'],
  ['[1,2]', '[1]', 'y_true has 2 samples but y_pred has 1'],
  ['[]', '[]', 'y_true and y_pred are empty lists'],
  ['[1,2]', '[1,null]', 'y_pred holds null, which is no label (sample 1, counted from 0)'],
  ['[1,0.25]', '[1,2]', 'y_true holds 0.25, no class but a continuous value (sample 1, counted from 0)'],
  ['[1,1e-30]', '[1,2]', 'y_true holds 1e-30, no class but a continuous value (sample 1, counted from 0)'],
  ['["1"]', '[1]', 'y_true holds strings but y_pred does not'],
  ['[1]', '[[0,1]]', 'y_pred has rows but y_true has single labels'],
  ['[[0,1]]', '[[0,1,1]]', 'y_true has 2 labels a row but y_pred has 3'],
])('%s against %s: %s', (yTrue, yPred, error) => {
  expect(accuracy(...buffers([yTrue, yPred]))).toEqual({ status: 'invalid_data', error });
});
