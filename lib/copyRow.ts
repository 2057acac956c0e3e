import type { Readable } from 'node:stream';
import { to as copyTo } from 'pg-copy-streams';
import { awayOr, type Database, open } from './postgres';

const setSettings =
  'SELECT set_config(name, value, false) FROM unnest($1::text[], $2::text[]) AS setting (name, value)';

/** Takes the next bytes, as many as there is room for. */
const taker = (chunks: AsyncIterator<Buffer>) => {
  let rest: Buffer = Buffer.alloc(0);
  return async (room: Buffer): Promise<Buffer> => {
    for (let filled = 0; filled < room.length; ) {
      if (rest.length === 0) {
        const { done, value } = await chunks.next();
        if (done) throw new Error('PostgreSQL ended a copy before its end');
        rest = value;
      }
      const copied = rest.copy(room, filled);
      filled += copied;
      rest = rest.subarray(copied);
    }
    return room;
  };
};

const signature = 'PGCOPY\n\xff\r\n\0';

/** The format: https://www.postgresql.org/docs/18/sql-copy.html#id-1.9.3.55.9.4 */
const readRow = async (copy: Readable, roomFor: (column: number, size: number) => Buffer | null) => {
  const chunks: AsyncIterator<Buffer> = copy[Symbol.asyncIterator]();
  const take = taker(chunks);
  const length = async () => (await take(Buffer.alloc(4))).readInt32BE();
  await take(Buffer.alloc(signature.length + 4));
  await take(Buffer.alloc(await length()));
  const columns = (await take(Buffer.alloc(2))).readInt16BE();
  const row: (Buffer | null)[] = [];
  while (row.length < columns) {
    const size = await length();
    const room = size < 0 ? null : roomFor(row.length, size);
    if (size >= 0 && !room) return [...row, null];
    row.push(room && (await take(room)));
  }
  while (!(await chunks.next()).done);
  return columns < 0 ? undefined : row;
};

/** Memory that is used again: what a large row took would be garbage that V8 looks through its whole heap for. */
const reusedRoom = (maxColumnBytes: number) => {
  const kept: Buffer[] = [];
  return (column: number, size: number): Buffer | null => {
    if (size > maxColumnBytes) return null;
    if ((kept[column]?.length ?? -1) < size) kept[column] = Buffer.allocUnsafeSlow(size);
    return (kept[column] as Buffer).subarray(0, size);
  };
};

/**
 * Answers with the columns of the one row that a `COPY ... TO STDOUT (FORMAT binary)` gives, undefined if it gives none:
 * bytes straight from the socket, where a query would make strings of them first. One call at a time: the next one
 * overwrites them.
 * @param maxColumnBytes a column that is larger is null, and what comes after it is not read
 */
export const rowCopier = (db: Database, text: string, maxColumnBytes: number) => {
  const roomFor = reusedRoom(maxColumnBytes);
  /**
   * @param settings what the statement reads by `current_setting`, since COPY takes no parameters
   * @throws Unavailable when PostgreSQL is away
   */
  return async (settings: Record<string, string>): Promise<(Buffer | null)[] | undefined> => {
    const [client] = await open(db, setSettings, [Object.keys(settings), Object.values(settings)]);
    const copy: Readable & { callback?: () => void } = client.query(copyTo(text));
    copy.on('error', () => {}); // when the connection is closed in the middle
    try {
      return await readRow(copy, roomFor);
    } catch (error) {
      throw awayOr(error);
    } finally {
      copy.callback?.(); // ends pg's query_timeout, as a query does: brianc/node-pg-copy-streams#156
      client.release(!copy.readableEnded);
      copy.destroy();
    }
  };
};
