import { Redis } from 'ioredis';
import putNewest from './putNewest.lua';

declare module 'ioredis' {
  interface RedisCommander {
    putNewest(key: string, result: string, scheduledTime: string, seconds: number): Promise<0 | 1>;
  }
}

/** @param password asked for now, and again before each reconnection; when the URL has none */
export const openRedis = async (url: string, password?: () => Promise<string>): Promise<Redis> => {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableAutoPipelining: true, // commands of one moment go in one message
    connectTimeout: 2000,
    commandTimeout: 2000,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt: number) => Math.min(attempt * 100, 1000),
    scripts: { putNewest: { lua: putNewest, numberOfKeys: 1 } },
  });
  redis.on('error', () => {}); // the command that meets the error rejects with it
  if (password) {
    redis.options.password = await password(); // in the constructor, the empty one of a URL with a user would win
    redis.on('reconnecting', async () => {
      redis.options.password = await password().catch(() => redis.options.password as string);
    });
  }
  return redis;
};
