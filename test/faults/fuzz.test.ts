import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as fc from 'fast-check';
import * as addPredictions from '../../functions/addPredictions';
import { computeAccuracy, handler as computeHandler } from '../../functions/computeAccuracy';
import * as deleteSchedule from '../../functions/deleteSchedule';
import * as getResult from '../../functions/getResult';
import * as getSchedule from '../../functions/getSchedule';
import * as listRuns from '../../functions/listRuns';
import * as listSchedules from '../../functions/listSchedules';
import * as previewSchedule from '../../functions/previewSchedule';
import * as schedule from '../../functions/schedule';
import * as updateSchedule from '../../functions/updateSchedule';
import { httpHandler } from '../../lib/http/handler';
import { openWorld, type World } from '../http/world';

let world: World;
let handlers: Record<string, ReturnType<typeof endpoint>>;

beforeAll(async () => {
  world = await openWorld();
  handlers = {
    schedule: httpHandler(schedule.route, async () => schedule.schedule(world)),
    getSchedule: httpHandler(getSchedule.route, async () => getSchedule.getSchedule(world)),
    updateSchedule: httpHandler(updateSchedule.route, async () => updateSchedule.updateSchedule(world)),
    deleteSchedule: httpHandler(deleteSchedule.route, async () => deleteSchedule.deleteSchedule(world)),
    listSchedules: httpHandler(listSchedules.route, async () => listSchedules.listSchedules(world)),
    previewSchedule: httpHandler(previewSchedule.route, async () => previewSchedule.previewSchedule()),
    getResult: httpHandler(getResult.route, async () => getResult.getResult(world)),
    listRuns: httpHandler(listRuns.route, async () => listRuns.listRuns(world)),
    addPredictions: httpHandler(addPredictions.route, async () => addPredictions.addPredictions(world)),
  };
});
afterAll(() => world.close());

const model = '550e8400-e29b-41d4-a716-446655440000';

/** Text that means trouble somewhere: NUL, lone surrogates, prototype keys, huge, near misses. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\u0000', '\ud800', 'a\u0000b', '__proto__', 'constructor', '', ' ', 'x'.repeat(100_000)),
  fc.constantFrom(
    model,
    model.toUpperCase(),
    `{${model}}`,
    `${model}\u0000`,
    '* * * * *',
    '@daily',
    '0 0 L * *',
    'UTC',
  ),
  fc.constantFrom(
    '1e400',
    '-1',
    '99999999999999999999',
    '2026-01-01T00:00:00Z',
    '+275760-09-13T00:00:00.001Z',
  ),
);
const value = fc.oneof(text, fc.jsonValue(), fc.constantFrom(null, 0, 1e308, [], {}, [[1]], true));
const field = fc.constantFrom(
  ...[
    'model_id',
    'cron_expression',
    'timezone',
    'enabled',
    'flexible_window_minutes',
    'y_true',
    'y_pred',
    'timestamp',
    'limit',
    'cursor',
  ],
  ...['before', 'count', '__proto__', 'constructor', 'toString', 'x'],
);
const body = fc.oneof(
  text,
  fc.jsonValue().map((json) => JSON.stringify(json)),
  fc.array(fc.tuple(field, value)).map((entries) => {
    const members = entries.map(
      ([name, json]) => `${JSON.stringify(name)}:${JSON.stringify(json) ?? 'null'}`,
    );
    return `{${members.join(',')}}`;
  }),
  fc.constantFrom(
    '['.repeat(100_000),
    '{"a":'.repeat(50_000),
    '{"model_id":"\\ud800"}',
    '{"y_true":[1],"y_pred":[1],"y_true":[2]}',
  ),
);
const event = fc.record(
  {
    headers: fc.record(
      {
        'content-type': fc.constantFrom('application/json', 'application/json; charset=x', 'text/plain', ''),
        'if-none-match': fc.oneof(text, fc.constant('*')),
        'content-length': fc.constantFrom('0', '-1', 'x', '10'),
      },
      { requiredKeys: [] },
    ),
    pathParameters: fc.record({ model_id: fc.oneof(text, fc.constant(model)) }),
    queryStringParameters: fc.dictionary(field, text, { maxKeys: 3 }),
    body,
    isBase64Encoded: fc.boolean(),
  },
  { requiredKeys: ['headers'] },
);

test('whatever the event, every handler answers, and never with 5xx', async () => {
  const names = Object.keys(handlers);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), event, async (name, generated) => {
      const answer = await handlers[name]?.(generated as unknown as APIGatewayProxyEventV2);
      expect(answer?.statusCode).toBeGreaterThanOrEqual(200);
      expect(answer?.statusCode).toBeLessThan(500);
      if (answer?.body) JSON.parse(answer.body);
    }),
    { numRuns: 4000 },
  );
}, 120_000);

test('a run whose event is no event of ours throws before it touches a store', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.constant(undefined)), async (generated) => {
      await expect(computeHandler(generated)).rejects.toMatchObject({ name: 'ZodError' });
    }),
    { numRuns: 1000 },
  );
});

test('whatever JSON the columns hold, a run ends with a number or with invalid_data', async () => {
  await world.db
    .query('INSERT INTO metrics_executions (model_id, cron_expression) VALUES ($1, $2)', [model, '* * * * *'])
    .catch(() => {});
  const run = computeAccuracy(world);
  let n = 0;
  await fc.assert(
    fc.asyncProperty(fc.json(), fc.json(), async (yTrue, yPred) => {
      await world.db.query('INSERT INTO results (model_id, y_true, y_pred) VALUES ($1, $2, $3)', [
        model,
        yTrue,
        yPred,
      ]);
      const scheduled_time = new Date(Date.parse('2026-03-01T00:00:00Z') + n++);
      const outcome = await run({ model_id: model, scheduled_time, trigger: 'manual' });
      expect(['ok', 'invalid_data']).toContain(outcome.status);
    }),
    { numRuns: 500 },
  );
}, 60_000);
