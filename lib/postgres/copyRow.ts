import type { Readable } from 'node:stream';
import { to as copyTo } from 'pg-copy-streams';
import setSettingsSql from '../../sql/queries/setSettings.sql';
import { awayOr, type Database, query, transaction } from './database';

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

/** Where a column's bytes go; null where they go nowhere: there are none, or too many. */
type Room = (column: number, size: number) => Buffer | null;

/** https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format". */
const readRow = async (copy: Readable, room: Room) => {
  const chunks: AsyncIterator<Buffer> = copy[Symbol.asyncIterator]();
  const take = taker(chunks);
  const length = async () => (await take(Buffer.alloc(4))).readInt32BE();
  const skip = async (size: number) => {
    for (let left = size; left > 0; left -= 65_536) await take(Buffer.allocUnsafe(Math.min(left, 65_536)));
    return null;
  };
  await skip(signature.length + 4);
  await skip(await length());
  const columns = (await take(Buffer.alloc(2))).readInt16BE();
  const row: (Buffer | null)[] = [];
  while (row.length < columns) {
    const size = await length();
    const place = room(row.length, size);
    row.push(place ? await take(place) : await skip(size));
  }
  while (!(await chunks.next()).done);
  return columns < 0 ? undefined : row;
};

/** Memory that is used again: what a large row took would be garbage that V8 looks through its whole heap for. */
const reusedRoom = (maxColumnBytes: number): Room => {
  const kept: Buffer[] = [];
  return (column, size) => {
    if (size < 0 || size > maxColumnBytes) return null;
    if ((kept[column]?.length ?? -1) < size) kept[column] = Buffer.allocUnsafeSlow(size);
    return (kept[column] as Buffer).subarray(0, size);
  };
};

/**
 * Answers with the columns of the one row that a `COPY ... TO STDOUT (FORMAT binary)` gives, undefined if it gives none:
 * bytes straight from the socket, where a query would make strings of them first. One call at a time: the next one
 * overwrites them.
 * @param maxColumnBytes a column that is larger is null
 */
export const rowCopier = (db: Database, text: string, maxColumnBytes: number) => {
  const room = reusedRoom(maxColumnBytes);
  /**
   * @param settings what the statement reads by `current_setting`, since COPY takes no parameters
   * @throws Unavailable when PostgreSQL is away
   */
  return (settings: Record<string, string>) =>
    transaction(db, async (connection) => {
      await query(connection, setSettingsSql, [Object.keys(settings), Object.values(settings)]);
      const copy: Readable & { callback?: () => void } = connection.query(copyTo(text));
      copy.on('error', () => {}); // when the connection is closed in the middle
      try {
        return await readRow(copy, room);
      } catch (error) {
        throw awayOr(error);
      } finally {
        copy.callback?.(); // ends pg's query_timeout, as a query does: brianc/node-pg-copy-streams#156
        copy.destroy();
      }
    });
};
