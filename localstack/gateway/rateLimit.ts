import { Problem } from '../../lib/http/problem';

/** A second's worth may come at once. A caller's tokens fill up at the rate, and each request takes one. */
export const rateLimit = (perSecond: number, now = () => performance.now()) => {
  const buckets = new WeakMap<object, { tokens: number; at: number }>();
  /** @throws Problem 429 */
  return (caller: object): void => {
    if (perSecond === 0) return;
    const size = Math.max(1, perSecond);
    const { tokens, at } = buckets.get(caller) ?? { tokens: size, at: now() };
    const filled = Math.min(size, tokens + ((now() - at) / 1000) * perSecond);
    buckets.set(caller, { tokens: filled >= 1 ? filled - 1 : filled, at: now() });
    if (filled >= 1) return;
    const seconds = Math.ceil((1 - filled) / perSecond);
    throw new Problem(429, `more than ${perSecond} requests a second`, {
      headers: { 'retry-after': String(seconds) },
    });
  };
};
