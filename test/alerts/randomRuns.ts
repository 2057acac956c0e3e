import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { type Rule, ruleSchema } from '../../lib/alerts/rule';
import type { Database } from '../../lib/postgres/database';
import recordRunSql from '../../sql/queries/recordRun.sql';

/** What a run found: the metric, its interval's half width, how many samples. */
export interface Found {
  status: 'ok' | 'no_data' | 'invalid_data' | 'insufficient_data';
  value: number | null;
  width: number | null;
  samples: number;
  segment: number | null;
}

/** Exact in binary. */
const eighths = fc.integer({ min: 0, max: 8 }).map((n) => n / 8);
export const found: fc.Arbitrary<Found> = fc.record({
  status: fc.oneof(
    { arbitrary: fc.constant('ok' as const), weight: 6 },
    fc.constantFrom('no_data' as const, 'invalid_data' as const, 'insufficient_data' as const),
  ),
  value: fc.option(eighths, { freq: 6 }),
  width: fc.option(fc.constantFrom(0, 0.125, 0.25), { freq: 5 }),
  samples: fc.constantFrom(5, 50),
  segment: fc.option(eighths, { freq: 3 }),
});
const against = fc.oneof(
  { arbitrary: fc.record({ number: eighths, clear: fc.constantFrom(0, 0.25) }), weight: 3 },
  fc.record({ by: fc.constantFrom(0, 0.125, 0.375), word: fc.constantFrom('baseline', 'reference') }),
  fc.record({
    by: fc.constantFrom(0, 0.125),
    word: fc.constant('mean'),
    last: fc.integer({ min: 1, max: 4 }),
  }),
);
export const ruleOf = fc
  .record({
    against,
    below: fc.boolean(),
    of: fc.integer({ min: 1, max: 4 }),
    at_least: fc.integer({ min: 1, max: 4 }),
    sure: fc.boolean(),
    min_samples: fc.constantFrom(0, 10),
    no_data: fc.constantFrom('keep', 'ok', 'firing'),
    segment: fc.boolean(),
  })
  .map(({ against: it, below, of, at_least, segment, ...others }): Rule => {
    const side = below ? 'below' : 'above';
    const number = 'number' in it;
    return ruleSchema.parse({
      metric: 'f1',
      ...others,
      for: { of, at_least: Math.min(of, at_least) },
      ...(number
        ? { [side]: it.number, clear: it.number + (below ? it.clear : -it.clear) }
        : { [side]: it.word, by: it.by, ...('last' in it && { last: it.last }) }),
      ...(segment && (number || 'last' in it) && { segment: { country: 'DE' } }),
    });
  });

export const baseline = 0.375;
export const reference = 0.625;

const began = Date.parse('2026-03-01T00:00:00Z');
export const timeOf = (minute: number) => new Date(began + minute * 60_000);

const columnsOf = ({ status, value, width, samples, segment }: Found) => ({
  error: status === 'invalid_data' || status === 'insufficient_data' ? 'wrong' : null,
  details: {
    ...(status === 'ok' && {
      metrics: { f1: value },
      intervals: { f1: value === null || width === null ? null : [value - width, value + width] },
      baseline: { f1: baseline },
    }),
    segments: [{ segment: 'country', value: 'FR', n_samples: 99, metrics: { f1: 0.5 } }].concat(
      segment === null
        ? []
        : ({ segment: 'country', value: 'DE', n_samples: samples, metrics: { f1: segment } } as never),
    ),
  },
});

const crashed = new Error('crashed');

/** The service: the statements that it uses, in transactions that may be rolled back. */
export const serviceOf = async (db: Database, rule: Rule) => {
  const id = randomUUID();
  await db.query(
    `INSERT INTO metrics_executions (model_id, cron_expression, metrics, reference) VALUES ($1, '* * * * *', '["f1"]', $2)`,
    [id, { metrics: { f1: reference } }],
  );
  await db.query(`INSERT INTO alert_rules (model_id, name, rule) VALUES ($1, 'it', $2)`, [id, rule]);
  const attempt = (crash: boolean, text: string, values: unknown[]) =>
    db
      .transaction(async ({ query }) => {
        await query(text, values);
        if (crash) throw crashed;
      })
      .catch((error) => {
        if (error !== crashed) throw error;
      });
  return {
    run: async (minute: number, found: Found, backfill: boolean, crash: boolean) => {
      const { error, details } = columnsOf(found);
      const at = timeOf(minute);
      const values = [
        id,
        at,
        backfill ? 'backfill' : 'schedule',
        found.status,
        null,
        found.samples,
        null,
        null,
      ];
      const state = [at, null, 0, 'f1', null, 0, null, null];
      await attempt(crash, recordRunSql, [...values, error, at, details, ...state]);
    },
    revise: (minute: number, found: Found, crash: boolean) => {
      const { error, details } = columnsOf(found);
      const text =
        'UPDATE runs SET status = $3, n_samples = $4, error = $5, details = $6 WHERE model_id = $1 AND scheduled_time = $2';
      return attempt(crash, text, [id, timeOf(minute), found.status, found.samples, error, details]);
    },
    missed: (missed: boolean, crash: boolean) =>
      attempt(crash, 'UPDATE model_states SET missed_at = $2 WHERE model_id = $1', [
        id,
        missed ? timeOf(0) : null,
      ]),
    id,
    told: async (name: string) => {
      const kinds = await db.query<{ kind: string }>(
        'SELECT kind FROM alert_notifications WHERE model_id = $1 AND rule = $2 ORDER BY transition',
        [id, name],
      );
      const [alert] = await db.query<{ firing: boolean }>(
        `SELECT state = 'firing' AS firing FROM alerts WHERE model_id = $1 AND rule = $2`,
        [id, name],
      );
      expect(kinds.map(({ kind }) => kind)).toEqual(
        kinds.map((_, at) => (at % 2 === 0 ? 'firing' : 'resolved')),
      );
      return { firing: alert?.firing ?? false, transitions: kinds.length };
    },
    forget: () => db.query('DELETE FROM metrics_executions WHERE model_id = $1', [id]),
  };
};
