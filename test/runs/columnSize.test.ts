import { type RunInput, runInputReader } from '../../lib/runs/runs';
import { openStores, type Stores } from '../setup/stores';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

const model_id = '00000000-0000-4000-8000-000000000001';
const limit = 200_000;

/** So many bytes of JSON; noise can hardly be compressed, a repetition to a ninetieth. */
const column = (bytes: number, noise: boolean) =>
  `["${Array.from({ length: bytes - 4 }, () => (noise ? Math.floor(Math.random() * 36).toString(36) : 'a')).join('')}"]`;

const readers = () => runInputReader(stores.db, limit);

const read = async (y_true: string, y_pred: string, reader = readers()) => {
  await stores.db.query('TRUNCATE metrics_executions, results');
  await stores.db.query(
    `INSERT INTO metrics_executions (model_id, cron_expression) VALUES ($1, '* * * * *')`,
    [model_id],
  );
  await stores.db.query('INSERT INTO results (model_id, y_true, y_pred) VALUES ($1, $2, $3)', [
    model_id,
    y_true,
    y_pred,
  ]);
  return reader({ model_id, scheduled_time: new Date(0) }, (input) => {
    const { y_true = null, y_pred = null } = input ?? {};
    return { y_true: y_true && Buffer.from(y_true), y_pred: y_pred && Buffer.from(y_pred) };
  });
};

const spelt = ({ y_true, y_pred }: Pick<RunInput, 'y_true' | 'y_pred'>) => [
  y_true?.toString(),
  y_pred?.toString(),
];

/** Takes so much room on disk that its row is a large one. */
const bulk = column(150_000, true);

test.each([true, false])('of so many bytes and not of one more, noise: %s', async (noise) => {
  for (const bytes of [limit - 1, limit]) {
    const text = column(bytes, noise);
    expect(spelt(await read(text, bulk))).toEqual([text, bulk]);
    expect(spelt(await read(bulk, text))).toEqual([bulk, text]);
  }
  const tooLarge = column(limit + 1, noise);
  expect(await read(bulk, tooLarge)).toMatchObject({ y_pred: null });
  expect(await read(tooLarge, bulk)).toMatchObject({ y_true: null });
});

test('and one that is too large leaves the next row to be read', async () => {
  const reader = readers();
  const manyMegabytes = column(20_000_000, false);
  for (let n = 0; n < 5; n++) {
    expect(await read(manyMegabytes, bulk, reader)).toMatchObject({ y_true: null });
    expect(spelt(await read(bulk, bulk, reader))).toEqual([bulk, bulk]);
  }
});

test.each(['[ 1 ]', '["\\u00fc", "ü", "😀"]', `[${'"ü😀", '.repeat(50_000)}1]`])(
  'and as they are spelt, %#',
  async (text) => {
    expect(spelt(await read(text, '[1,  2]'))).toEqual([text, '[1,  2]']);
    expect(spelt(await runUnlimited(text))).toEqual([text, bulk]);
  },
);

const runUnlimited = (text: string) => read(text, bulk, runInputReader(stores.db, 1e9));
