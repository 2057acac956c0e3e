import type { Redis } from 'ioredis';
import { parseResult, type Result } from '../runs/result';
import { Unavailable } from '../runtime/failures';

/** The newest result of each model. Both methods throw Unavailable. */
export interface ResultCache {
  read(modelId: string): Promise<Result | undefined>;
  /** Stores a result unless a newer one is there: safe to repeat, in any order. */
  putNewest(result: Result): Promise<void>;
}

/** A key nobody writes for this long goes; PostgreSQL has the run. */
const keptSeconds = 30 * 24 * 3600;

const key = (modelId: string) => `result:${modelId}`;

const away = (error: unknown): never => {
  throw new Unavailable('Redis', error);
};

export const resultCache = (redis: Redis): ResultCache => ({
  read: async (modelId) => {
    const stored = await redis.get(key(modelId)).catch(away);
    return stored === null ? undefined : parseResult(stored);
  },
  putNewest: async (result) => {
    await redis
      .putNewest(key(result.model_id), JSON.stringify(result), result.scheduled_time, keptSeconds)
      .catch(away);
  },
});
