import { type Database, openDatabase } from '../../lib/postgres/database';
import { Unavailable } from '../../lib/runtime/failures';
import { openGate } from '../faults/gate';
import { openStores, type Stores } from '../setup/stores';

let stores: Stores;
let db: Database;
const max = 5;
const timeoutMs = 1000;

beforeEach(async () => {
  stores = await openStores();
  db = openDatabase(stores.databaseUrl, max, timeoutMs);
});
afterEach(async () => {
  await db.end();
  await stores.close();
});

/** Looks at what PostgreSQL runs with `marker` in its text, until `ended`; how often it was begun, and whether it runs on. */
const observe = (marker: string) => {
  const begun = new Set<string>();
  let ended = false;
  const running = async () => {
    const rows = await stores.db.query<{ id: string }>(
      `SELECT pid || ' ' || query_start AS id FROM pg_stat_activity
        WHERE state = 'active' AND query LIKE '%' || $1 || '%' AND pid <> pg_backend_pid()`,
      [marker],
    );
    for (const { id } of rows) begun.add(id);
    return rows.length;
  };
  const looking = (async () => {
    while (!ended) await running();
  })();
  return {
    end: async () => {
      ended = true;
      await looking;
      return { begun: begun.size, running: await running() };
    },
  };
};

const warmUp = () => Promise.all(Array.from({ length: max }, () => db.query('SELECT pg_sleep(0.1)')));

test.each([
  ['with parameters', (marker: string) => db.query(`SELECT pg_sleep($1) /* ${marker} */`, [20])],
  ['without', (marker: string) => db.query(`SELECT pg_sleep(20) /* ${marker} */`)],
  [
    'in a transaction',
    (marker: string) => db.transaction(({ query }) => query(`SELECT pg_sleep(20) /* ${marker} */`)),
  ],
  [
    'of a copied row',
    (marker: string) =>
      db.copyRow(`COPY (SELECT pg_sleep(20) /* ${marker} */) TO STDOUT (FORMAT binary)`, {}),
  ],
])(
  'a statement %s that takes too long is cancelled in PostgreSQL, and begun once, however many connections there are',
  async (name, ask) => {
    await warmUp();
    const marker = `too long ${name}`;
    const observed = observe(marker);
    await expect(ask(marker)).rejects.toThrow(Unavailable);
    expect(await observed.end()).toEqual({ begun: 1, running: 0 });
  },
);

test('after a statement that took too long the next one is answered, by as many connections as may be', async () => {
  await warmUp();
  const slow = Array.from({ length: max }, () => db.query('SELECT pg_sleep(20)').catch((error) => error));
  for (const failure of await Promise.all(slow)) expect(failure).toBeInstanceOf(Unavailable);
  await warmUp();
  const [held] = await stores.db.query<{ connections: number }>(
    `SELECT count(*)::int AS connections FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'cyclic-metrics'`,
  );
  expect(held?.connections).toBeLessThanOrEqual(max + 1);
});

test('a connection that died while nobody used it costs nothing: the statement is begun on another', async () => {
  await warmUp();
  await stores.db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(await db.transaction(({ query }) => query('SELECT 2 AS two'))).toEqual([{ two: 2 }]);
});

test('a transaction that fails leaves nothing, and its connection to the next', async () => {
  await db.query('CREATE TABLE kept (n int)');
  const failing = db.transaction(async ({ query }) => {
    await query('INSERT INTO kept VALUES (1)');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  const refused = db.transaction(async ({ query }) => {
    await query('INSERT INTO kept VALUES (2)');
    await query('SELECT 1 / 0');
  });
  await expect(refused).rejects.toMatchObject({ message: 'division by zero' });
  await db.transaction(({ query }) => query('INSERT INTO kept VALUES (3)'));
  expect(await db.query('SELECT n FROM kept')).toEqual([{ n: 3 }]);
});

test('a transaction whose connection dies on the way is away, and not begun again', async () => {
  await warmUp();
  let begun = 0;
  const cut = db.transaction(async ({ query }) => {
    begun++;
    const [self] = await query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await stores.db.query('SELECT pg_terminate_backend($1)', [self?.pid]);
    await query('SELECT 1');
  });
  await expect(cut).rejects.toThrow(Unavailable);
  expect(begun).toBe(1);
});

test('a commit of which nobody hears is away: the caller asks again what has happened', async () => {
  const gate = await openGate(new URL(stores.databaseUrl));
  const behind = openDatabase(gate.url.href, 1, timeoutMs);
  await behind.query('CREATE TABLE kept (n int)');
  gate.shutWhen((bytes, towards) => towards === 'client' && bytes.includes('COMMIT'));
  const commit = behind.transaction(({ query }) => query('INSERT INTO kept VALUES (1)'));
  await expect(commit).rejects.toThrow(Unavailable);
  expect(await db.query('SELECT n FROM kept')).toEqual([{ n: 1 }]);
  gate.close();
  await behind.end();
});

test.each([
  ['int8', '9007199254740991::int8', 9007199254740991],
  ['json, as it is spelt', `'[1.0, "\\u00e9"]'::json`, '[1.0, "\\u00e9"]'],
  ['jsonb', `'{"a": 1}'::jsonb`, { a: 1 }],
  ['timestamptz', `'2026-03-01 12:00:00.123+01'::timestamptz`, new Date('2026-03-01T11:00:00.123Z')],
])('%s is read as what the rest of the code takes it for', async (_, expression, value) => {
  expect(await db.query(`SELECT ${expression} AS value`)).toEqual([{ value }]);
});

test('a value that PostgreSQL refuses fails by its own error, alone', async () => {
  const asked = ['1', 'x', '2'].map((text) => db.query('SELECT $1::int AS n', [text]));
  expect(await Promise.allSettled(asked)).toMatchObject([
    { value: [{ n: 1 }] },
    { reason: { message: 'invalid input syntax for type integer: "x"' } },
    { value: [{ n: 2 }] },
  ]);
});
