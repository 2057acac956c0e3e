import { overview } from '../../functions/overview';
import { schedule } from '../../functions/schedule';
import { httpHandler } from '../../lib/http/handler';
import { route as overviewRoute } from '../../lib/http/routes/overview';
import { route } from '../../lib/http/routes/schedule';
import { eventOf } from '../http/event';
import { modelsOf } from '../setup/models';
import { modelNamed, openWorld, type World } from '../setup/world';

let world: World;
let models: ReturnType<typeof modelsOf>;

beforeAll(async () => {
  world = await openWorld();
  models = modelsOf(world);
});
afterAll(() => world.close());
beforeEach(() => world.db.query('DELETE FROM metrics_executions'));

const send = async (n: number, settings: object) => {
  const { statusCode, body } = await httpHandler(route, async () => schedule(world))(
    eventOf({
      body: JSON.stringify({ model_id: modelNamed(n), cron_expression: '0 3 * * *', ...settings }),
    }),
  );
  return { status: statusCode, body: JSON.parse(body as string) };
};

const found = async (query: Record<string, string>) => {
  const { items, total, counts } = (await overview(world)(overviewRoute.query.parse(query))).body;
  expect(total).toBe(Object.values(counts).reduce((sum, count) => sum + count, 0));
  return items.map(({ name, model_id }) => name ?? model_id);
};

test('a model has the name, description and tags that were sent, trimmed and each tag once', async () => {
  const sent = {
    name: ' Fraud, Europe ',
    description: 'Cards.\nSince 2024.',
    tags: ['production', ' risk', 'risk'],
  };
  const told = { name: 'Fraud, Europe', description: sent.description, tags: ['production', 'risk'] };
  expect(await send(1, sent)).toMatchObject({ status: 201, body: told });
  expect(await models.result(1)).toMatchObject({ name: 'Fraud, Europe' });
});

test('a PATCH changes one of them and keeps the others; a POST replaces all', async () => {
  await models.post(1, { name: 'Fraud', tags: ['risk'] });
  expect((await models.patch(1, { description: 'Cards' })).body).toMatchObject({
    name: 'Fraud',
    description: 'Cards',
    tags: ['risk'],
  });
  expect((await models.patch(1, { name: null })).body).toMatchObject({ name: null, description: 'Cards' });
  expect((await models.post(1)).body).toMatchObject({ name: null, description: null, tags: [] });
});

test('a name that another model has is a conflict that says which, and changes nothing', async () => {
  await models.post(1, { name: 'Fraud' });
  await models.post(2, { name: 'Churn' });
  expect(await send(3, { name: 'Fraud' })).toMatchObject({
    status: 409,
    body: { detail: `the name "Fraud" belongs to model ${modelNamed(1)}` },
  });
  await expect(models.patch(2, { name: 'Fraud' })).rejects.toThrow(modelNamed(1));
  expect(await models.result(2)).toMatchObject({ name: 'Churn' });
  expect((await models.post(1, { name: 'Fraud' })).status).toBe(200);
});

test('of many who want one name at the same moment one gets it, and the others a conflict', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => send(n, { name: 'Fraud' })));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
});

test.each([
  ['name', ' '],
  ['name', 'x'.repeat(101)],
  ['name', 'two\nlines'],
  ['name', 'a\0b'],
  ['description', 'x'.repeat(1001)],
  ['tags', 'production'],
  ['tags', ['']],
  ['tags', ['x'.repeat(51)]],
  ['tags', Array.from({ length: 21 }, (_, n) => `tag${n}`)],
])('%s %j is refused', async (field, value) => {
  const { status, body } = await send(1, { [field]: value });
  expect([status, body.errors?.[0].path.split('.')[0]]).toEqual([400, field]);
});

test('models are found by the beginning of words of their name, of their model_id, and by a tag', async () => {
  const names = ['Credit fraud, Europe', 'fraud_US-east', 'Überweisung', "O'Reilly & Söhne"];
  for (const [n, name] of names.entries()) await models.post(n, { name, tags: n < 2 ? ['risk'] : [] });
  expect(await found({ q: 'FRAUD', sort: 'model_id' })).toEqual(names.slice(0, 2));
  expect(await found({ q: 'eur fra' })).toEqual([names[0]]);
  expect(await found({ q: 'east' })).toEqual([names[1]]);
  expect(await found({ q: 'Überw' })).toEqual([names[2]]);
  expect(await found({ q: "o'reil" })).toEqual([names[3]]);
  expect(await found({ q: modelNamed(1) })).toEqual([names[1]]);
  expect(await found({ q: 'raud' })).toEqual([]);
  expect(await found({ tag: 'risk', sort: 'model_id' })).toEqual(names.slice(0, 2));
  expect(await found({ tag: 'ris' })).toEqual([]);
  expect(await found({ tag: 'risk', q: 'us', status: 'pending' })).toEqual([names[1]]);
  expect(await found({ q: "' | ! & :* ( \\" })).toHaveLength(4); // no word: as if nothing was sought
});

test('settings that differ in their name alone do not move a due time', async () => {
  await models.post(1);
  const before = await models.state(1);
  await models.patch(1, { name: 'Fraud' });
  expect(await models.state(1)).toEqual(before);
});
