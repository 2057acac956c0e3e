import { type RunInput, readRunInput } from '../../lib/runs/input';
import { openStores, type Stores } from '../setup/stores';
import { modelNamed } from '../setup/world';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

const model_id = modelNamed(1);
const limit = 200_000;

/** So many bytes of JSON; noise can hardly be compressed, a repetition to a ninetieth. */
const column = (bytes: number, noise: boolean) =>
  `["${Array.from({ length: bytes - 4 }, () => (noise ? Math.floor(Math.random() * 36).toString(36) : 'a')).join('')}"]`;

const insert = async (y_true: string, y_pred: string) => {
  const sql = 'INSERT INTO results (model_id, y_true, y_pred) VALUES ($1, $2, $3)';
  await stores.db.query(sql, [model_id, y_true, y_pred]);
};

const read = async (y_true: string, y_pred: string, maxColumnBytes = limit) => {
  await stores.db.query('TRUNCATE metrics_executions, model_states, results CASCADE');
  await stores.db.query(
    `INSERT INTO metrics_executions (model_id, cron_expression) VALUES ($1, '* * * * *')`,
    [model_id],
  );
  await insert(y_true, y_pred);
  return (await readRunInput(
    stores.db,
    { model_id, scheduled_time: new Date(0) },
    maxColumnBytes,
  )) as RunInput;
};

const spelt = ({ y_true, y_pred }: RunInput) => [y_true?.toString(), y_pred?.toString()];

/** Takes so much room on disk that its row is a large one. */
const bulk = column(150_000, true);

test.each([
  ['of noise', true],
  ['of one letter', false],
])('a column %s is read up to the limit, and a byte more is null', async (_, noise) => {
  for (const bytes of [limit - 1, limit]) {
    const text = column(bytes, noise);
    expect(spelt(await read(text, bulk))).toEqual([text, bulk]);
    expect(spelt(await read(bulk, text))).toEqual([bulk, text]);
  }
  const tooLarge = column(limit + 1, noise);
  expect(await read(bulk, tooLarge)).toMatchObject({ y_pred: null });
  expect(await read(tooLarge, bulk)).toMatchObject({ y_true: null });
});

test('a column that is too large leaves the next row to be read', async () => {
  const manyMegabytes = column(20_000_000, false);
  for (let n = 0; n < 5; n++) {
    expect(await read(manyMegabytes, bulk)).toMatchObject({ y_true: null });
    expect(spelt(await read(bulk, bulk))).toEqual([bulk, bulk]);
  }
});

test.each([
  ['spaces', '[ 1 ]'],
  ['escapes and characters of every plane', '["\\u00fc", "ü", "😀"]'],
  ['half a megabyte of them', `[${'"ü😀", '.repeat(50_000)}1]`],
])('%s are read as they are spelt, in a small row and in a large one', async (_, text) => {
  expect(spelt(await read(text, '[1,  2]', 1e9))).toEqual([text, '[1,  2]']);
  expect(spelt(await read(text, bulk, 1e9))).toEqual([text, bulk]);
});

test('a large row that is replaced between the two looks at it is no failure: the new one is read', async () => {
  await read(bulk, bulk);
  let copies = 0;
  const db = {
    ...stores.db,
    copyRow: async (...args: Parameters<typeof stores.db.copyRow>) => {
      copies++;
      await stores.db.query('TRUNCATE results');
      await insert('[1, 2]', '[1, 3]');
      return stores.db.copyRow(...args);
    },
  };
  const found = (await readRunInput(db, { model_id, scheduled_time: new Date(0) }, limit)) as RunInput;
  expect(spelt(found)).toEqual(['[1, 2]', '[1, 3]']);
  expect(copies).toBe(1);
});
