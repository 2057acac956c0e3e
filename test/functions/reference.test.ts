import { prune } from '../../functions/prune';
import { removeReference } from '../../functions/removeReference';
import { setReference } from '../../functions/setReference';
import { bodyOf } from '../http/event';
import { metricModelsOf } from '../setup/metricModels';
import { minutesAgo } from '../setup/time';
import { modelNamed, openWorld, type World } from '../setup/world';

let world: World;
let models: ReturnType<typeof metricModelsOf>;

beforeAll(async () => {
  world = await openWorld();
  models = metricModelsOf(world);
});
afterAll(() => world.close());

describe('a reference', () => {
  const good = { y_true: Array(400).fill(1), y_pred: Array(400).fill(1) };
  const bad = { ...good, y_pred: [...Array(200).fill(1), ...Array(200).fill(0)] };
  const put = (n: number, scheduled_time?: Date) =>
    setReference(world)({ model_id: modelNamed(n), scheduled_time });

  test('is compared with by difference and by whether the intervals meet, also when its run is pruned', async () => {
    const n = await models.ran({ metrics: ['accuracy', 'f1'] }, good);
    const { body } = await put(n);
    expect(body.reference).toEqual({ scheduled_time: minutesAgo(60).toISOString() });
    expect(await models.result(n)).toMatchObject({
      reference: { difference: { accuracy: 0, f1: 0 }, overlaps: { accuracy: true } },
    });
    await models.runOver(n, bad, 50);
    await prune({ db: world.db, keepDays: 90, keepPerModel: 1, keepPredictionDays: 90 })();
    const reference = {
      scheduled_time: minutesAgo(60).toISOString(),
      metrics: { accuracy: 1, f1: 1 },
      difference: { accuracy: -0.5, f1: expect.closeTo(-1 / 3) },
      overlaps: { accuracy: false, f1: false },
    };
    expect(await models.result(n)).toMatchObject({ reference });
    expect(await models.history(n)).toMatchObject([{ reference }]);
  });

  test('is the run that is asked for; one that is not there, or has no number, is 404', async () => {
    const n = await models.ran({}, good);
    await models.runOver(n, bad, 50);
    await put(n, minutesAgo(60));
    expect(await models.result(n)).toMatchObject({ reference: { metrics: { accuracy: 1 } } });
    await expect(put(n, minutesAgo(55))).rejects.toMatchObject({ status: 404 });
    await expect(put(999)).rejects.toMatchObject({ status: 404 });
    const unlabelled = await models.ran({}, { y_true: [null], y_pred: [1] });
    await expect(put(unlabelled)).rejects.toMatchObject({ status: 404 });
  });

  test('stays with other settings, and goes with another task or when it is removed', async () => {
    const n = await models.ran({ metrics: ['accuracy', 'f1'] }, good);
    await put(n);
    expect(bodyOf(await models.patch(n, { metrics: ['f1', 'recall'] })).reference).not.toBeNull();
    await models.run(n, minutesAgo(50));
    expect((await models.result(n)).reference).toMatchObject({ difference: { f1: 0 } });
    expect((await models.result(n)).reference?.difference).not.toHaveProperty('recall');
    const regression = bodyOf(await models.patch(n, { task: 'regression', metrics: ['r2'] }));
    expect(regression.reference).toBeNull();
    await models.patch(n, { task: 'classification', metrics: ['accuracy'] });
    await put(n);
    expect(await removeReference(world)({ model_id: modelNamed(n) })).toEqual({ status: 204 });
    expect((await models.result(n)).reference).toBeNull();
    await expect(removeReference(world)({ model_id: modelNamed(999) })).rejects.toMatchObject({
      status: 404,
    });
  });
});
