import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { type Rule, ruleSchema } from '../../lib/alerts/rule';
import recordRunSql from '../../sql/queries/recordRun.sql';
import { openStores, type Stores } from '../setup/stores';

// Random sequences of what happens to a model, against a model of the rules of a few lines.

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

/** What a run found: the metric, its interval's half width, how many samples. */
interface Found {
  status: 'ok' | 'no_data' | 'invalid_data' | 'insufficient_data';
  value: number | null;
  width: number | null;
  samples: number;
  segment: number | null;
}

type Step =
  | { kind: 'run'; minute: number; found: Found; backfill: boolean; crash: boolean }
  | { kind: 'revise'; which: number; found: Found; crash: boolean }
  | { kind: 'again'; which: number; found: Found }
  | { kind: 'missed'; missed: boolean; crash: boolean };

/** Exact in binary. */
const eighths = fc.integer({ min: 0, max: 8 }).map((n) => n / 8);
const found: fc.Arbitrary<Found> = fc.record({
  status: fc.oneof(
    { arbitrary: fc.constant('ok' as const), weight: 6 },
    fc.constantFrom('no_data' as const, 'invalid_data' as const, 'insufficient_data' as const),
  ),
  value: fc.option(eighths, { freq: 6 }),
  width: fc.option(fc.constantFrom(0, 0.125, 0.25), { freq: 5 }),
  samples: fc.constantFrom(5, 50),
  segment: fc.option(eighths, { freq: 3 }),
});
const crash = fc.oneof({ arbitrary: fc.constant(false), weight: 5 }, fc.constant(true));
const minute = fc.integer({ min: 0, max: 60 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({ kind: fc.constant('run' as const), minute, found, backfill: crash, crash }),
    weight: 6,
  },
  fc.record({ kind: fc.constant('revise' as const), which: minute, found, crash }),
  fc.record({ kind: fc.constant('again' as const), which: minute, found }),
  fc.record({ kind: fc.constant('missed' as const), missed: fc.boolean(), crash }),
);

const against = fc.oneof(
  { arbitrary: fc.record({ number: eighths, clear: fc.constantFrom(0, 0.25) }), weight: 3 },
  fc.record({ by: fc.constantFrom(0, 0.125, 0.375), word: fc.constantFrom('baseline', 'reference') }),
  fc.record({
    by: fc.constantFrom(0, 0.125),
    word: fc.constant('mean'),
    last: fc.integer({ min: 1, max: 4 }),
  }),
);
const ruleOf = fc
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

const baseline = 0.375;
const reference = 0.625;

/** The model: what each run is by the rule, of those that count, oldest first. */
const judge = (runs: Found[], rule: Rule) =>
  runs.flatMap((run, at) => {
    const valueIn = (it: Found | undefined) =>
      (it && (rule.segment ? it.segment : it.status === 'ok' ? it.value : null)) ?? null;
    const before = runs.slice(Math.max(0, at - (rule.last ?? 1)), at).flatMap((it) => valueIn(it) ?? []);
    const mean =
      before.length * 2 >= (rule.last ?? 1) ? before.reduce((a, b) => a + b, 0) / before.length : null;
    const word = (rule.below ?? rule.above) as string;
    const base =
      rule.by === undefined
        ? 0
        : word === 'mean'
          ? mean
          : word === 'baseline'
            ? run.status === 'ok'
              ? baseline
              : null
            : reference;
    const value = valueIn(run);
    if (value === null || base === null || run.samples < rule.min_samples)
      return rule.no_data === 'keep'
        ? []
        : [{ at, beyond: rule.no_data === 'firing', holds: rule.no_data === 'firing' }];
    const way = rule.below === undefined ? 1 : -1;
    const limit = (bound: number) => (rule.by === undefined ? bound : base + way * bound);
    const bound = rule.by ?? ((rule.below ?? rule.above) as number);
    const past = (it: number, bound: number) => way * it > way * limit(bound);
    const width = rule.segment ? null : run.width;
    const edge = rule.sure ? (width === null ? null : value - way * width) : value;
    return [{ at, beyond: edge !== null && past(edge, bound), holds: past(value, rule.clear ?? bound) }];
  });

const modelOf = (rule: Rule) => {
  const runs = new Map<number, { found: Found; backfill: boolean }>();
  let firing = false;
  let transitions = 0;
  const move = (next: boolean) => {
    transitions += Number(next !== firing);
    firing = next;
  };
  return {
    runs,
    told: () => ({ firing, transitions }),
    move,
    /** A run has been recorded, or computed again. */
    look: (minute: number) => {
      const all = [...runs].filter(([, { backfill }]) => !backfill).sort(([a], [b]) => a - b);
      if ([...runs.keys()].some((other) => other > minute) || runs.get(minute)?.backfill) return;
      const judged = judge(
        all.map(([, { found }]) => found),
        rule,
      );
      if (judged.at(-1)?.at !== all.length - 1) return;
      const recent = judged.slice(-rule.for.of);
      const broken = recent.filter(({ beyond }) => beyond).length;
      const held = recent.filter(({ holds }) => holds).length;
      move((firing && held >= rule.for.at_least) || broken >= rule.for.at_least);
    },
  };
};

const began = Date.parse('2026-03-01T00:00:00Z');
const timeOf = (minute: number) => new Date(began + minute * 60_000);

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
const serviceOf = async (rule: Rule) => {
  const id = randomUUID();
  const { db } = stores;
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

const counted = { sequences: 0, steps: 0, crashes: 0, late: 0, revisions: 0, transitions: 0 };

const take = async (
  service: Awaited<ReturnType<typeof serviceOf>>,
  [rule, invalid, missed]: ReturnType<typeof modelOf>[],
  step: Step,
) => {
  const models = [rule, invalid] as ReturnType<typeof modelOf>[];
  const { runs } = rule as ReturnType<typeof modelOf>;
  counted.steps++;
  if ('crash' in step && step.crash) counted.crashes++;
  if (step.kind === 'missed') {
    await service.missed(step.missed, step.crash);
    if (!step.crash) missed?.move(step.missed);
    return;
  }
  if (step.kind === 'run') {
    const { minute, found, backfill, crash } = step;
    await service.run(minute, found, backfill, crash);
    if (crash) return;
    if (runs.has(minute)) return; // a second delivery changes nothing
    if (!backfill) missed?.move(false); // the missed one is not later
    if ([...runs.keys()].some((other) => other > minute)) counted.late++;
    for (const model of models) {
      model.runs.set(minute, { found, backfill });
      model.look(minute);
    }
    return;
  }
  const minute = [...runs.keys()][step.which % Math.max(1, runs.size)];
  if (minute === undefined) return;
  if (step.kind === 'again') {
    await service.run(minute, step.found, false, false);
    return;
  }
  counted.revisions++;
  await service.revise(minute, step.found, step.crash);
  if (step.crash) return;
  for (const model of models) {
    model.runs.set(minute, { found: step.found, backfill: runs.get(minute)?.backfill ?? false });
    model.look(minute);
  }
};

const invalidRule = ruleSchema.parse({ metric: 'f1', below: 0, no_data: 'ok' });

test('whatever happens to a model, its alerts are as the rules say, and each transition is in the outbox once', async () => {
  await stores.db.query(
    `ALTER TABLE runs DROP CONSTRAINT runs_trigger_check,
      ADD CONSTRAINT runs_trigger_check CHECK (trigger IN ('schedule', 'manual', 'backfill'))`,
  );
  await fc.assert(
    fc.asyncProperty(ruleOf, fc.array(step, { minLength: 5, maxLength: 40 }), async (rule, steps) => {
      const service = await serviceOf(rule);
      const [it, invalid, missed] = [modelOf(rule), modelOf(invalidRule), modelOf(rule)];
      invalid.look = (minute) => {
        if ([...invalid.runs.keys()].some((other) => other > minute) || invalid.runs.get(minute)?.backfill)
          return;
        invalid.move(invalid.runs.get(minute)?.found.status === 'invalid_data');
      };
      for (const step of steps) {
        await take(service, [it, invalid, missed], step);
        const told = {
          it: await service.told('it'),
          invalid: await service.told('invalid_data'),
          missed: await service.told('missed'),
        };
        expect(told).toEqual({ it: it.told(), invalid: invalid.told(), missed: missed.told() });
      }
      counted.sequences++;
      counted.transitions += it.told().transitions + invalid.told().transitions + missed.told().transitions;
      await service.forget();
    }),
    { numRuns: Number(process.env.ALERT_SEQUENCES ?? 150) },
  );
  if (process.env.ALERT_SEQUENCES) console.info(JSON.stringify(counted));
  expect(Math.min(...Object.values(counted))).toBeGreaterThan(30);
  if (process.env.ALERT_SEQUENCES) console.info(JSON.stringify(counted));
}, 900_000);
