import fc from 'fast-check';
import tryRuleSql from '../../sql/queries/tryRule.sql';
import { openStores, type Stores } from '../setup/stores';
import { found, ruleOf, serviceOf } from './randomRuns';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

test('a rule fires, run by run, when a try over all of them says it would have', async () => {
  let fired = 0;
  await fc.assert(
    fc.asyncProperty(ruleOf, fc.array(found, { minLength: 5, maxLength: 25 }), async (rule, runs) => {
      const service = await serviceOf(stores.db, rule);
      for (const [minute, run] of runs.entries()) await service.run(minute, run, false, false);
      const tried = await stores.db.query<{ fired_at: Date; ended_at: Date | null }>(tryRuleSql, [
        service.id,
        'it',
        JSON.stringify(rule),
        100_000,
      ]);
      const told = await stores.db.query<{ kind: string; fired_at: Date }>(
        `SELECT kind, (facts ->> 'fired_at')::timestamptz AS fired_at FROM alert_notifications
          WHERE model_id = $1 AND rule = 'it' ORDER BY transition`,
        [service.id],
      );
      const expected = tried.flatMap(({ fired_at, ended_at }) => [
        { kind: 'firing', fired_at },
        ...(ended_at ? [{ kind: 'resolved', fired_at }] : []),
      ]);
      expect(told).toEqual(expected);
      fired += tried.length;
      await service.forget();
    }),
    { numRuns: 150 },
  );
  expect(fired).toBeGreaterThan(50);
});
