import { setTimeout as wait } from 'node:timers/promises';
import { openDatabase } from '../../lib/postgres/database';
import { Unavailable } from '../../lib/runtime/failures';
import { openGate } from '../faults/gate';
import { openStores, type Stores } from '../setup/stores';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

const timeoutMs = 500;
const repeated = `COPY (
  SELECT repeat('a', current_setting('test.size')::int), NULL, 'ü' WHERE current_setting('test.size')::int > 0
) TO STDOUT (FORMAT binary)`;
const sized = (size: number) => ({ 'test.size': `${size}` });
const spelt = (row: (Buffer | null)[]) => row.map((column) => column?.toString('base64'));
const rowOf = (size: number) => spelt([Buffer.alloc(size, 'a'), null, Buffer.from('ü')]);

test.each([1, 65_535, 65_536, 5_000_000])(
  'a row of %i bytes, a null and a text is told as it is',
  async (size) => {
    expect(spelt(await stores.db.copyRow(repeated, sized(size)))).toEqual(rowOf(size));
  },
);

test('one copy after the other on one connection, which no timeout of one that has ended disturbs', async () => {
  const db = openDatabase(stores.databaseUrl, 1, timeoutMs);
  const pid = async () => (await db.query('SELECT pg_backend_pid()'))[0];
  for (const size of [3, 300_000, 2])
    expect(spelt(await db.copyRow(repeated, sized(size)))).toEqual(rowOf(size));
  const first = await pid();
  expect(await db.copyRow(repeated, sized(0))).toEqual([]);
  await wait(2 * timeoutMs);
  expect(spelt(await db.copyRow(repeated, sized(4)))).toEqual(rowOf(4));
  expect(await pid()).toEqual(first);
  await db.end();
});

test('the settings of a copy end with it', async () => {
  const db = openDatabase(stores.databaseUrl, 1, timeoutMs);
  await db.copyRow(repeated, sized(3));
  expect(await db.query(`SELECT current_setting('test.size', true) AS size`)).toEqual([{ size: '' }]);
  await db.end();
});

test('a statement that PostgreSQL refuses fails by its own error, and the next is answered', async () => {
  const db = openDatabase(stores.databaseUrl, 1, timeoutMs);
  const refused = db.copyRow('COPY (SELECT 1 / 0) TO STDOUT (FORMAT binary)', {});
  await expect(refused).rejects.toMatchObject({ message: 'division by zero' });
  expect(spelt(await db.copyRow(repeated, sized(2)))).toEqual(rowOf(2));
  await db.end();
});

describe('PostgreSQL that goes away in the middle of a row', () => {
  const openHeld = async () => {
    const gate = await openGate(new URL(stores.databaseUrl));
    const db = openDatabase(gate.url.href, 1, timeoutMs);
    let seen = 0;
    await db.copyRow(repeated, sized(1));
    gate.shutWhen((bytes, towards) => {
      if (towards === 'client') seen += bytes.length;
      return seen > 1_000_000;
    });
    return { gate, db };
  };

  test('is away when it hangs; after that a new connection is opened', async () => {
    const { gate, db } = await openHeld();
    await expect(db.copyRow(repeated, sized(5_000_000))).rejects.toThrow(Unavailable);
    expect(gate.held()).toBe(1);
    gate.shutWhen(() => false);
    expect(spelt(await db.copyRow(repeated, sized(5_000_000)))).toEqual(rowOf(5_000_000));
    await db.end();
    gate.close();
  });

  test('is away when the connection is cut', async () => {
    const { gate, db } = await openHeld();
    const cut = expect(db.copyRow(repeated, sized(5_000_000))).rejects.toThrow(Unavailable);
    while (gate.held() === 0) await wait(1);
    gate.close();
    await cut;
    await db.end();
  });

  test('is away to a query, too, whose connection is cut', async () => {
    const { gate, db } = await openHeld();
    const cut = expect(db.query("SELECT repeat('a', 5000000)")).rejects.toThrow(Unavailable);
    while (gate.held() === 0) await wait(1);
    gate.close();
    await cut;
    await db.end();
  });
});
