import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DatabaseError, Pool, type PoolClient, types } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import setSettingsSql from '../../sql/queries/setSettings.sql';
import { Unavailable } from '../runtime/failures';
import { memoize } from '../runtime/memoize';
import { firstRow } from './copyBinary';

/** Anything that runs statements: the pool, or the connection of a transaction. Each method throws Unavailable. */
export interface Queries {
  /** The rows of one statement. On the pool it may be run twice, when a connection turns out to be dead. */
  query<Row>(text: string, values?: unknown[], options?: QueryOptions): Promise<Row[]>;
}

export interface QueryOptions {
  /** `each time` where the best plan depends on the values. Default `once` for each connection. */
  plan?: 'once' | 'each time';
}

/** The connection of a transaction. */
export interface Transaction extends Queries {
  /** Sends the chunks to a `COPY ... FROM STDIN`. */
  copyIn(text: string, chunks: AsyncIterable<string>): Promise<void>;
}

export interface Database extends Queries {
  /**
   * The columns of the one row of a `COPY ... TO STDOUT (FORMAT binary)`, none if there is no row. A query would make
   * strings of them, which takes twice the memory.
   * @param settings what the statement reads by current_setting, since COPY takes no parameters
   */
  copyRow(text: string, settings: Record<string, string>): Promise<(Buffer | null)[]>;
  /** Commits what `work` did or, if it throws, none of it. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

const int8 = 20;
const json = 114;

const parserOf = (oid: number, format: 'text') => {
  if (oid === int8) return Number;
  if (oid === json) return String; // labels are scored as they are spelt
  return types.getTypeParser(oid, format);
};

/** A schedule that runs every other minute finds its connection. */
const idleTimeoutMillis = 150_000;

/** PostgreSQL ends a statement after its timeout; a connection that says nothing for so much longer is given up. */
const silenceMs = 500;

const openPool = (connectionString: string, max: number, timeoutMs: number): Pool => {
  const pool = new Pool({
    connectionString,
    max,
    types: { getTypeParser: parserOf as typeof types.getTypeParser },
    connectionTimeoutMillis: 2000,
    keepAlive: true,
    idleTimeoutMillis,
    allowExitOnIdle: true,
    application_name: 'cyclic-metrics',
  });
  pool.on('error', () => {}); // an idle connection died; the pool has dropped it already
  pool.on('connect', (client) => {
    client.on('error', () => {}); // one in use died: its statement fails too; without a listener the process would end
    // Not a startup parameter: RDS Proxy and PgBouncer refuse that.
    client.query(setSettingsSql, [['statement_timeout'], [String(timeoutMs)], false]).catch(() => {});
  });
  return pool;
};

// Classes 08 connection, 53 resources, 57 operator intervention, 58 system error; 25006: the server is a replica.
// 0A000 and 26000: what was prepared on this connection no longer fits the tables, or is gone.
const isAway = (error: unknown) =>
  !(error instanceof DatabaseError) || /^(08|53|57|58|25006|0A000|26000)/.test(error.code ?? '');

type Connection = ReturnType<typeof queriesOn>;

class TimedOut extends Error {}

/** The statement may not have reached PostgreSQL, or never will be answered there. */
const isDead = ({ cause }: Unavailable) =>
  !(cause instanceof TimedOut) &&
  (!(cause instanceof DatabaseError) || /^(08|57P|0A000|26000)/.test(cause.code ?? ''));

/** PostgreSQL parses and plans a named statement once for each connection: half its work for a small one. */
const nameOf = memoize(200, (text) => createHash('sha1').update(text).digest('hex'));

const queriesOn = (client: PoolClient, timeoutMs: number) => {
  const answer = async <T>(asked: Promise<T>): Promise<T> => {
    const ms = timeoutMs + silenceMs;
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new TimedOut(`no answer within ${ms} ms`)), ms);
    });
    try {
      return await Promise.race([asked, silence]);
    } catch (error) {
      throw isAway(error) ? new Unavailable('PostgreSQL', error) : error;
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    query: async <Row>(text: string, values: unknown[] = [], { plan = 'once' }: QueryOptions = {}) => {
      const prepared = values.length > 0 && plan === 'once' ? { name: nameOf(text) } : {};
      return (await answer(client.query({ ...prepared, text, values }))).rows as Row[];
    },
    copyIn: async (text: string, chunks: AsyncIterable<string>) => {
      await answer(pipeline(Readable.from(chunks), client.query(copyFrom(text))));
    },
    copy: async (text: string) => {
      const copy = client.query(copyTo(text));
      try {
        return Buffer.concat(await answer(copy.toArray()));
      } finally {
        copy.on('error', () => {}).destroy();
      }
    },
  };
};

/** A PostgreSQL database. @param max connections held at most. @param timeoutMs for one statement */
export const openDatabase = (connectionString: string, max: number, timeoutMs = 3000): Database => {
  const pool = openPool(connectionString, max, timeoutMs);
  const used = new WeakSet<PoolClient>();

  /**
   * A connection, and what the first work on it answered. A frozen environment does not notice that a pooled connection
   * died, so work that finds it dead is done once more on another.
   */
  const connect = async <T>(first: (connection: Connection) => Promise<T>) => {
    for (;;) {
      const client = await pool.connect().catch((error) => {
        throw new Unavailable('PostgreSQL', error);
      });
      const pooled = used.has(client);
      used.add(client);
      const connection = queriesOn(client, timeoutMs);
      try {
        return { client, connection, answer: await first(connection) };
      } catch (error) {
        const away = error instanceof Unavailable;
        client.release(away);
        if (!(away && pooled && isDead(error))) throw error;
      }
    }
  };

  const transaction = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const { client, connection } = await connect(({ query }) => query('BEGIN'));
    try {
      const answer = await work(connection);
      await connection.query('COMMIT');
      client.release();
      return answer;
    } catch (error) {
      // Where PostgreSQL is in doubt, closing the connection is what rolls back.
      const close =
        error instanceof Unavailable ||
        (await connection.query('ROLLBACK').then(
          () => false,
          () => true,
        ));
      client.release(close);
      throw error;
    }
  };

  return {
    query: async (text, values, options) => {
      const { client, answer } = await connect(({ query }) => query(text, values, options));
      client.release();
      return answer as never[];
    },
    transaction,
    copyRow: (text, settings) =>
      transaction(async ({ query, copy }) => {
        await query(setSettingsSql, [Object.keys(settings), Object.values(settings), true]);
        return firstRow(await copy(text));
      }),
    end: () => pool.end(),
  };
};
