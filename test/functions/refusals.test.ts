import { schedule } from '../../functions/schedule';
import { updateSchedule } from '../../functions/updateSchedule';
import { httpHandler } from '../../lib/http/handler';
import { route as scheduleRoute } from '../../lib/http/routes/schedule';
import { route as updateRoute } from '../../lib/http/routes/updateSchedule';
import { openScheduler } from '../../lib/scheduler/scheduler';
import { bodyOf, eventOf } from '../http/event';
import { openRefusing } from '../setup/refusing';
import { modelNamed, openWorld, schedulerClient, target, type World } from '../setup/world';

let world: World;
let refusing: Awaited<ReturnType<typeof openRefusing>>;
const model_id = modelNamed(1);

beforeEach(async () => {
  world = await openWorld();
  refusing = await openRefusing(world.schedulerUrl);
  world.scheduler = openScheduler(schedulerClient(refusing.url), target);
});
afterEach(async () => {
  refusing.close();
  await world.close();
});

const post = (settings: object) =>
  httpHandler(scheduleRoute, async () => schedule(world))(
    eventOf({ body: JSON.stringify({ model_id, cron_expression: '*/5 * * * *', ...settings }) }),
  );

const patch = (changes: object) =>
  httpHandler(updateRoute, async () => updateSchedule(world))(
    eventOf({ params: { model_id }, body: JSON.stringify(changes) }),
  );

const rows = () => world.db.query('SELECT cron_expression, timezone FROM metrics_executions');

const words = 'Invalid Schedule Expression Timezone America/Coyhaique.';

test.each([
  ['a zone that it does not know', 400, 'ValidationException', 400, words, undefined],
  ['one schedule too many', 402, 'ServiceQuotaExceededException', 429, words, '60'],
  ['too many requests', 429, 'ThrottlingException', 503, 'Scheduler is not available, try again soon', '5'],
  [
    'a fault of its own',
    500,
    'InternalServerException',
    503,
    'Scheduler is not available, try again soon',
    '5',
  ],
])(
  'of %s the Scheduler answers %i %s: the caller %i, and nothing has changed',
  async (_, status, type, told, detail, wait) => {
    expect((await post({})).statusCode).toBe(201);
    const before = await rows();
    refusing.refuseWhen(() => ({ status, type, message: words }));
    for (const answer of [
      await post({ timezone: 'America/New_York' }),
      await patch({ timezone: 'America/New_York' }),
      await post({ model_id: modelNamed(2) }),
    ]) {
      expect(answer.statusCode).toBe(told);
      expect(answer.headers?.['retry-after']).toBe(wait);
      expect(bodyOf(answer).detail).toContain(detail);
    }
    expect(await rows()).toEqual(before);
  },
);

test('a change that the Scheduler refused may be sent again, and then happens', async () => {
  refusing.refuseWhen(() => ({ status: 429, type: 'ThrottlingException', message: 'Rate exceeded' }));
  expect((await post({})).statusCode).toBe(503);
  refusing.refuseWhen(() => undefined);
  expect((await post({})).statusCode).toBe(201);
  expect((await post({})).statusCode).toBe(200);
});

test('settings that change nothing ask the Scheduler nothing', async () => {
  await post({});
  refusing.asked.length = 0;
  await post({ cron_expression: '*/05 * * * * ' });
  await patch({});
  expect(refusing.asked).toEqual([]);
});
