import { createHash } from 'node:crypto';
import { DatabaseError, Pool, type PoolClient, types } from 'pg';
import { Unavailable } from '../http/problem';
import { remember } from '../runtime/memoize';

export type Database = Pool;

/** Anything that runs a statement: the pool, or the connection of a transaction. */
export type Connection = Pick<PoolClient, 'query'>;

const int8 = 20;
const json = 114;

const parserOf = (oid: number, format: 'text') => {
  if (oid === int8) return Number;
  if (oid === json) return String; // labels are scored as they are spelt
  return types.getTypeParser(oid, format);
};

/** What runs every minute, or every other, finds its connection. */
const idleTimeoutMillis = 150_000;

/** @param max connections held at most */
export const openDatabase = (connectionString: string, max: number, timeoutMs = 3000): Database => {
  const pool = new Pool({
    connectionString,
    max,
    types: { getTypeParser: parserOf as typeof types.getTypeParser },
    connectionTimeoutMillis: 2000,
    query_timeout: timeoutMs,
    keepAlive: true,
    idleTimeoutMillis,
    allowExitOnIdle: true,
    application_name: 'cyclic-metrics',
  });
  pool.on('error', () => {}); // an idle connection died; the pool has dropped it already
  // One in use died: what waits for it is told, too. Without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
};

// Classes 08 connection, 53 resources, 57 operator intervention, 58 system error; 25006: the server is a replica.
// 0A000 and 26000: what was prepared on this connection no longer fits the tables, or is gone.
const isAway = (error: unknown) =>
  !(error instanceof DatabaseError) || /^(08|53|57|58|25006|0A000|26000)/.test(error.code ?? '');

/** What to throw for what a statement threw. */
export const awayOr = (error: unknown) => (isAway(error) ? new Unavailable('PostgreSQL', error) : error);

/** A statement with a name is parsed and planned once a connection: half of what PostgreSQL does for a small one. */
const nameOf = remember(100, (text) => createHash('sha1').update(text).digest('hex'));

const run = async <Row>(connection: Connection, text: string, values: unknown[]): Promise<Row[]> => {
  try {
    const { rows } = await connection.query(values.length > 0 ? { name: nameOf(text), text, values } : text);
    return rows as Row[];
  } catch (error) {
    throw awayOr(error);
  }
};

const seen = new WeakSet<PoolClient>();

/**
 * A connection and the rows of its first statement. A pooled connection may have died unnoticed (a frozen
 * environment hears nothing), so a statement that fails on one is tried once more, on a new one.
 */
const open = async <Row>(pool: Database, text: string, values: unknown[]): Promise<[PoolClient, Row[]]> => {
  for (;;) {
    const client = await pool.connect().catch((error) => {
      throw new Unavailable('PostgreSQL', error);
    });
    const pooled = seen.has(client);
    seen.add(client);
    try {
      return [client, await run<Row>(client, text, values)];
    } catch (error) {
      const away = error instanceof Unavailable;
      client.release(away);
      if (!away || !pooled) throw error;
    }
  }
};

/**
 * The rows of one statement, which must not mind being repeated when it is run on the pool.
 * @throws Unavailable when PostgreSQL is away
 */
export const query = async <Row>(
  on: Database | Connection,
  text: string,
  values: unknown[],
): Promise<Row[]> => {
  if (!(on instanceof Pool)) return run(on, text, values);
  const [client, rows] = await open<Row>(on, text, values);
  client.release();
  return rows;
};

/** Commits what `work` did, or, if it throws, none of it. */
export const transaction = async <T>(
  pool: Database,
  work: (connection: Connection) => Promise<T>,
): Promise<T> => {
  const [client] = await open(pool, 'BEGIN', []);
  try {
    const answer = await work(client);
    await run(client, 'COMMIT', []);
    client.release();
    return answer;
  } catch (error) {
    // Where PostgreSQL is in doubt, closing the connection is what rolls back.
    const closed =
      error instanceof Unavailable ||
      (await run(client, 'ROLLBACK', []).then(
        () => false,
        () => true,
      ));
    client.release(closed);
    throw error;
  }
};
