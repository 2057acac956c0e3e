import { Redis, type RedisOptions } from 'ioredis';
import { Unavailable } from '../http/problem';
import type { Result } from '../runs/result';
import putNewest from './putNewest.lua';

declare module 'ioredis' {
  interface RedisCommander {
    putNewest(key: string, result: string, scheduledTime: string, seconds: number): Promise<0 | 1>;
  }
}

/** A key nobody writes for this long goes; PostgreSQL has the run. */
const keptSeconds = 30 * 24 * 3600;

/** Asks for the password before it connects, and before it connects again. */
class RedisWithSecret extends Redis {
  #connecting: Promise<void> | undefined;

  constructor(
    url: string,
    options: Omit<RedisOptions, 'replyMapping'>,
    private readonly password: () => Promise<string>,
  ) {
    super(url, options);
  }

  /** Every command that finds it unconnected calls this. */
  override connect(): Promise<void> {
    // What waits meanwhile asks for the database number.
    this.condition ??= {
      select: this.options.db ?? 0,
      subscriber: false,
      protocol: 2,
      replyMapping: 'legacy',
      handshake: false,
    };
    this.#connecting ??= this.#connectWithPassword().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #connectWithPassword(): Promise<void> {
    const last = this.options.password;
    // Without a connection attempt it would not try again.
    this.options.password = await this.password().catch(() => last);
    await super.connect();
  }
}

/** @param password when the URL has none */
export const openRedis = (url: string, password?: () => Promise<string>): Redis => {
  const options = {
    lazyConnect: true,
    enableAutoPipelining: true, // commands of one moment go in one message
    connectTimeout: 2000,
    commandTimeout: 2000,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt: number) => Math.min(attempt * 100, 1000),
    scripts: { putNewest: { lua: putNewest, numberOfKeys: 1 } },
  };
  const redis = password ? new RedisWithSecret(url, options, password) : new Redis(url, options);
  redis.on('error', () => {}); // the command that meets it is told
  return redis;
};

const key = (modelId: string) => `result:${modelId}`;

const away = (error: unknown): never => {
  throw new Unavailable('Redis', error);
};

/** @throws Unavailable */
export const readNewestResult = async (redis: Redis, modelId: string): Promise<Result | undefined> => {
  const stored = await redis.get(key(modelId)).catch(away);
  return stored === null ? undefined : JSON.parse(stored);
};

/** Stores a result unless a newer one is there: safe to repeat, in any order. @throws Unavailable */
export const putNewestResult = async (redis: Redis, result: Result): Promise<void> => {
  await redis
    .putNewest(key(result.model_id), JSON.stringify(result), result.scheduled_time, keptSeconds)
    .catch(away);
};

/** How many models were overdue at the last count. */
export interface Overdue {
  models: number;
  counted_at: string;
}

const overdueKey = 'overdue';

/** Older than this, a count says nothing. */
const overdueSeconds = 3600;

/** @throws Unavailable */
export const putOverdue = async (redis: Redis, models: number): Promise<void> => {
  const overdue: Overdue = { models, counted_at: new Date().toISOString() };
  await redis.set(overdueKey, JSON.stringify(overdue), 'EX', overdueSeconds).catch(away);
};

/** @throws Unavailable */
export const readOverdue = async (redis: Redis): Promise<Overdue | null> => {
  const stored = await redis.get(overdueKey).catch(away);
  return stored === null ? null : JSON.parse(stored);
};
