import { onAws, ruleFunctions, ruleIntervalsMs } from '../../localstack/functions';

const minuteMs = 60_000;

test('what rules invoke on AWS is invoked as often here, with the same timeouts, retries and connections', () => {
  expect(Object.fromEntries(ruleIntervalsMs())).toEqual({
    reconcile: 5 * minuteMs,
    watch: minuteMs,
    prune: 24 * 60 * minuteMs,
  });
  const found = Object.entries(ruleFunctions({ DATABASE_URL: 'x' })).map(([name, fn]) => [
    name,
    fn.timeoutMs,
    fn.async?.maximumRetryAttempts,
    fn.environments?.env,
  ]);
  expect(found).toEqual([
    ['reconcile', 15 * minuteMs, 0, { DATABASE_URL: 'x', DATABASE_POOL_MAX: '8' }],
    ['watch', minuteMs, 0, { DATABASE_URL: 'x', DATABASE_POOL_MAX: '1' }],
    ['prune', 15 * minuteMs, 0, { DATABASE_URL: 'x', DATABASE_POOL_MAX: '1' }],
  ]);
  expect(onAws('computeAccuracy')).toEqual({ timeoutMs: minuteMs, async: { maximumRetryAttempts: 2 } });
});

test('RECONCILE_EVERY is heeded here too', () => {
  process.env.RECONCILE_EVERY = 'rate(1 hour)';
  expect(Object.fromEntries(ruleIntervalsMs()).reconcile).toBe(60 * minuteMs);
  delete process.env.RECONCILE_EVERY;
});
