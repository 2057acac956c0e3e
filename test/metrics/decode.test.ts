import fc from 'fast-check';
import { accuracy } from '../../lib/metrics/accuracy';
import { readDecimal } from '../../lib/metrics/decode/decimal';
import { readNumbers } from '../../lib/metrics/decode/numbers';

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
  fc.integer({ min: 0, max: 1200 }).map(String),
  fc.maxSafeInteger().map(String),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  fc.constant('-0'),
);
const text = fc.oneof(
  fc.constantFrom(
    '"a"',
    '"b"',
    '"ab"',
    '""',
    '","',
    '"]"',
    '"\\u0061"',
    '"a\\u0000"',
    '"\\\\"',
    '"é"',
    '"\\/"',
    '"/"',
  ),
  fc.constantFrom(
    '"abc\\""',
    '"abcd\\""',
    '"abcde\\\\"',
    '"abcdef,"',
    '"abcdefg]"',
    '"abcdefgh"',
    '"\\ud800"',
  ),
  fc.string({ unit: 'binary' }).map((label) => JSON.stringify(label)),
);
const whole = fc.constantFrom('0', '1', '1.0', '-0.0', '2.000', 'true', 'false', '-1', '10', '10.0', '999');

/** The labels one by one, by what JSON and numpy say of each. */
const plainly = (token: string): string | bigint => {
  if (token[0] === '"') return JSON.parse(token).replace(/\0+$/, '');
  if (token === 'true' || token === 'false') return BigInt(token === 'true');
  return BigInt(token.replace(/\.0+$/, ''));
};

const buffers = ([yTrue, yPred]: [string, string]): [Buffer, Buffer] => [
  Buffer.from(yTrue),
  Buffer.from(yPred),
];

const runs = { numRuns: 5000 };

test.each([
  ['integers', integer],
  ['strings', text],
  ['whole numbers and booleans', whole],
  ['classes', fc.integer({ min: 0, max: 9 }).map(String)],
  ['classes of up to three digits', fc.integer({ min: 0, max: 120 }).map(String)],
])('lists of %s have as many matches as their values', (_, token) => {
  const rows = fc.array(fc.tuple(token, token, fc.boolean()), { minLength: 1, maxLength: 60 });
  const delimiter = fc.constantFrom(',', ', ', ' ,', ',  ', '\n,');
  fc.assert(
    fc.property(rows, delimiter, delimiter, (labels, trueDelimiter, predDelimiter) => {
      const yTrue = labels.map(([label]) => label);
      const yPred = labels.map(([a, b, same]) => (same ? a : b));
      const matches = yTrue.filter((label, i) => plainly(label) === plainly(yPred[i] as string)).length;
      const columns: [string, string] = [`[${yTrue.join(trueDelimiter)}]`, `[${yPred.join(predDelimiter)}]`];
      expect(accuracy(...buffers(columns))).toEqual({
        status: 'ok',
        accuracy: matches / labels.length,
        n_samples: labels.length,
      });
    }),
    runs,
  );
});

test('lists longer than a block, of many labels, have as many matches as their values', () => {
  const labels = Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 6007);
  const yPred = labels.map((label, i) => (i % 3 === 0 ? label + 1 : label));
  const found = accuracy(Buffer.from(JSON.stringify(labels)), Buffer.from(JSON.stringify(yPred)));
  const matches = labels.filter((label, i) => label === yPred[i]).length;
  expect(found).toEqual({ status: 'ok', accuracy: matches / 20_000, n_samples: 20_000 });
});

test('integers just below 2^53 are read to the last digit', () => {
  const labels = `[${'9007199254740985,'.repeat(3)}9007199254740992]`;
  expect(accuracy(...buffers([labels.replace(/\d+]/, '1]'), labels]))).toMatchObject({ accuracy: 0.75 });
});

test('a number is the double that its spelling is nearest to', () => {
  const digits = fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.integer({ min: 0, max: 26 }))
    .map(([n, point]) => {
      const all = String(n).padStart(point + 1, '0');
      return point === 0 ? all : `${all.slice(0, -point)}.${all.slice(-point)}`;
    });
  const spelled = fc.oneof(
    digits,
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.double({ min: -1, max: 1, noNaN: true }).map(String),
    fc.tuple(digits, fc.integer({ min: -330, max: 330 })).map(([n, power]) => `${n}e${power}`),
  );
  fc.assert(
    fc.property(spelled, (number) => {
      const cursor = { at: 0, value: 0 };
      readDecimal(Buffer.from(`${number},`), cursor);
      expect(cursor).toEqual({ at: number.length, value: Number(number) });
    }),
    { numRuns: 50_000 },
  );
});

test('numbers are read as JSON.parse reads them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
      (numbers) => {
        const { values } = readNumbers('y_true', Buffer.from(JSON.stringify(numbers)), false);
        expect([...values]).toEqual(JSON.parse(JSON.stringify(numbers)));
      },
    ),
  );
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
        expect(accuracy(...buffers([`[${a},1.0]`, `[${b},2.0]`]))).toMatchObject({ accuracy: matches / 2 });
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
