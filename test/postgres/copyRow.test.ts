import { setTimeout as wait } from 'node:timers/promises';
import { rowCopier } from '../../lib/postgres/copyRow';
import { openDatabase, query } from '../../lib/postgres/database';
import { Unavailable } from '../../lib/runtime/failures';
import { openGate } from '../faults/gate';
import { openStores, type Stores } from '../setup/stores';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

const max = 10_000_000;
const timeoutMs = 500;
const repeated = `COPY (
  SELECT repeat('a', current_setting('test.size')::int), NULL, 'ü' WHERE current_setting('test.size')::int > 0
) TO STDOUT (FORMAT binary)`;
const sized = (size: number) => ({ 'test.size': `${size}` });
const spelt = (row: (Buffer | null)[] | undefined) => row?.map((column) => column?.toString('base64'));
const rowOf = (size: number) => spelt([Buffer.alloc(size, 'a'), null, Buffer.from('ü')]);

test.each([1, 65_535, 65_536, 5_000_000])(
  'a row of %i bytes, a null and a text is told as it is',
  async (size) => {
    const copy = rowCopier(stores.db, repeated, max);
    expect(spelt(await copy(sized(size)))).toEqual(rowOf(size));
  },
);

test('one copy after the other on one connection, which no timeout of one that has ended disturbs', async () => {
  const db = openDatabase(stores.databaseUrl, 1, timeoutMs);
  const copy = rowCopier(db, repeated, max);
  for (const size of [3, 300_000, 2]) expect(spelt(await copy(sized(size)))).toEqual(rowOf(size));
  expect(await copy(sized(0))).toBeUndefined();
  await wait(timeoutMs + 100);
  expect(spelt(await copy(sized(4)))).toEqual(rowOf(4));
  expect(db.totalCount).toBe(1);
  await db.end();
});

test('a statement that PostgreSQL refuses fails by its own error, and the next is answered', async () => {
  const db = openDatabase(stores.databaseUrl, 1, timeoutMs);
  const refused = rowCopier(db, 'COPY (SELECT 1 / 0) TO STDOUT (FORMAT binary)', max);
  await expect(refused({})).rejects.toMatchObject({ message: 'division by zero' });
  expect(spelt(await rowCopier(db, repeated, max)(sized(2)))).toEqual(rowOf(2));
  await db.end();
});

describe('PostgreSQL that goes away in the middle of a row', () => {
  const openHeld = async () => {
    const gate = await openGate(new URL(stores.databaseUrl));
    const db = openDatabase(gate.url.href, 1, timeoutMs);
    const copy = rowCopier(db, repeated, max);
    let seen = 0;
    await copy(sized(1));
    gate.shutWhen((bytes, towards) => {
      if (towards === 'client') seen += bytes.length;
      return seen > 1_000_000;
    });
    return { gate, db, copy };
  };

  test('is away when it hangs; after that a new connection is opened', async () => {
    const { gate, db, copy } = await openHeld();
    await expect(copy(sized(5_000_000))).rejects.toThrow(Unavailable);
    expect(gate.held()).toBe(1);
    gate.shutWhen(() => false);
    expect(spelt(await copy(sized(5_000_000)))).toEqual(rowOf(5_000_000));
    await db.end();
    gate.close();
  });

  test('is away when the connection is cut', async () => {
    const { gate, db, copy } = await openHeld();
    const cut = expect(copy(sized(5_000_000))).rejects.toThrow(Unavailable);
    while (gate.held() === 0) await wait(1);
    gate.close();
    await cut;
    await db.end();
  });

  test('is away to a query, too, whose connection is cut', async () => {
    const { gate, db } = await openHeld();
    const cut = expect(query(db, "SELECT repeat('a', 5000000)", [])).rejects.toThrow(Unavailable);
    while (gate.held() === 0) await wait(1);
    gate.close();
    await cut;
    await db.end();
  });
});
