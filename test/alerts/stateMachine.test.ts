import fc from 'fast-check';
import { type Rule, ruleSchema } from '../../lib/alerts/rule';
import { openStores, type Stores } from '../setup/stores';
import { baseline, type Found, found, reference, ruleOf, serviceOf } from './randomRuns';

// Random sequences of what happens to a model, against a model of the rules of a few lines.

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

type Step =
  | { kind: 'run'; minute: number; found: Found; backfill: boolean; crash: boolean }
  | { kind: 'revise'; which: number; found: Found; crash: boolean }
  | { kind: 'again'; which: number; found: Found }
  | { kind: 'missed'; missed: boolean; crash: boolean };

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
      const service = await serviceOf(stores.db, rule);
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
