import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as fc from 'fast-check';
import { addPredictions } from '../../functions/addPredictions';
import { computeAccuracy, handler as computeHandler } from '../../functions/computeAccuracy';
import { deleteSchedule } from '../../functions/deleteSchedule';
import { getResult } from '../../functions/getResult';
import { getSchedule } from '../../functions/getSchedule';
import { listMissed } from '../../functions/listMissed';
import { listRuns } from '../../functions/listRuns';
import { listSchedules } from '../../functions/listSchedules';
import { overview } from '../../functions/overview';
import { previewSchedule } from '../../functions/previewSchedule';
import { schedule } from '../../functions/schedule';
import { updateSchedule } from '../../functions/updateSchedule';
import { httpHandler } from '../../lib/http/handler';
import { route as addPredictionsRoute } from '../../lib/http/routes/addPredictions';
import { route as deleteScheduleRoute } from '../../lib/http/routes/deleteSchedule';
import { route as getResultRoute } from '../../lib/http/routes/getResult';
import { route as getScheduleRoute } from '../../lib/http/routes/getSchedule';
import { route as listMissedRoute } from '../../lib/http/routes/listMissed';
import { route as listRunsRoute } from '../../lib/http/routes/listRuns';
import { route as listSchedulesRoute } from '../../lib/http/routes/listSchedules';
import { route as overviewRoute } from '../../lib/http/routes/overview';
import { route as previewScheduleRoute } from '../../lib/http/routes/previewSchedule';
import { route as scheduleRoute } from '../../lib/http/routes/schedule';
import { route as updateScheduleRoute } from '../../lib/http/routes/updateSchedule';
import { openWorld, type World } from '../setup/world';

type Handler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

let world: World;
let handlers: Record<string, Handler>;

beforeAll(async () => {
  world = await openWorld();
  handlers = {
    schedule: httpHandler(scheduleRoute, async () => schedule(world)),
    getSchedule: httpHandler(getScheduleRoute, async () => getSchedule(world)),
    updateSchedule: httpHandler(updateScheduleRoute, async () => updateSchedule(world)),
    deleteSchedule: httpHandler(deleteScheduleRoute, async () => deleteSchedule(world)),
    listSchedules: httpHandler(listSchedulesRoute, async () => listSchedules(world)),
    previewSchedule: httpHandler(previewScheduleRoute, async () => previewSchedule()),
    getResult: httpHandler(getResultRoute, async () => getResult(world)),
    listRuns: httpHandler(listRunsRoute, async () => listRuns(world)),
    listMissed: httpHandler(listMissedRoute, async () => listMissed(world)),
    overview: httpHandler(overviewRoute, async () => overview(world)),
    addPredictions: httpHandler(addPredictionsRoute, async () => addPredictions(world)),
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
  ...[
    'before',
    'after',
    'count',
    'q',
    'sort',
    'order',
    'offset',
    'status',
    'catch_up',
    '__proto__',
    'constructor',
    'toString',
    'x',
  ],
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
      const text = answer?.body ?? '{}';
      JSON.parse(text);
      if (answer?.statusCode === 200) expect(text).not.toMatch(/[+-]\d{5,}-\d\d-\d\dT/);
    }),
    { numRuns: 4000 },
  );
});

test('a run whose event is no event of ours throws before it touches a store', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.constant(undefined)), async (generated) => {
      await expect(computeHandler(generated)).rejects.toMatchObject({ name: 'ZodError' });
    }),
    { numRuns: 1000 },
  );
});

test('whatever JSON the columns hold, a run ends with a number or with invalid_data', async () => {
  const insert = `INSERT INTO metrics_executions (model_id, cron_expression) VALUES ($1, '* * * * *')
    ON CONFLICT DO NOTHING`;
  await world.db.query(insert, [model]);
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
});
