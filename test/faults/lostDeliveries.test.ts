import { resolve } from 'node:path';
import { overview } from '../../functions/overview';
import { watch } from '../../functions/watch';
import { openInvoker } from '../../lib/runtime/invoker';
import type { InvocationRecord } from '../../localstack/lambda/asyncQueue';
import { startLambda, stopAll, until } from '../localstack/lambda/lambda';
import { modelsOf } from '../setup/models';
import { timePasses } from '../setup/time';
import { modelNamed, openWorld, type World } from '../setup/world';
import { openGate } from './gate';

// The path that AWS has: the Scheduler leaves an event to Lambda's queue, which gives a function up that failed three
// times. Whatever becomes of a delivery there, the next look of watch finds that it is missing.

const policies = ['none', 'last', 'all'] as const;

let world: World;
let models: ReturnType<typeof modelsOf>;
let toPostgres: Awaited<ReturnType<typeof openGate>>;

beforeEach(async () => {
  world = await openWorld();
  models = modelsOf(world);
  toPostgres = await openGate(new URL(world.databaseUrl));
});
afterEach(async () => {
  toPostgres.close();
  await world.close();
});
afterAll(stopAll);

/** The built function, which reaches PostgreSQL through the gate. */
const startFunction = (databaseUrl: string, letters: InvocationRecord[], max = 2) =>
  startLambda(
    {
      computeAccuracy: {
        taskRoot: resolve('.build/functions'),
        handler: 'computeAccuracy.handler',
        max,
        env: { DATABASE_URL: databaseUrl, REDIS_URL: world.redisUrl, POWERTOOLS_METRICS_DISABLED: 'true' },
        async: {
          onFailure: 'arn:aws:sqs:us-east-1:000000000000:failed-runs',
          maximumEventAgeInSeconds: max > 0 ? 60 : 0.1,
        },
      },
    },
    {
      async: {
        retryDelaysMs: [10, 20],
        sendRecord: async (_, record) => void letters.push(record),
      },
    },
  );

type Lambda = Awaited<ReturnType<typeof startFunction>>;

const dueTimes = 5;

/** A model of each policy, due each minute for ten minutes, of which the first five were fired. */
const prepare = async () => {
  for (const [n, catch_up] of policies.entries()) {
    await models.post(n, { cron_expression: '* * * * *', catch_up });
  }
  await timePasses(world.db, 10);
  const { next_due } = await models.state(0);
  const first = (next_due as Date).getTime();
  return Array.from({ length: dueTimes }, (_, n) => new Date(first + n * 60_000).toISOString());
};

const fire = async ({ client }: Lambda, dues: string[]) => {
  const runs = openInvoker('computeAccuracy', client);
  for (const scheduled_time of dues) {
    for (const n of policies.keys()) await runs.invokeLater({ model_id: modelNamed(n), scheduled_time });
  }
};

const lose = {
  'PostgreSQL is away for three attempts of each': async (dues: string[]) => {
    const letters: InvocationRecord[] = [];
    const lambda = await startFunction('postgres://nobody@127.0.0.1:1/none', letters);
    await fire(lambda, dues);
    await until(() => letters.length === dueTimes * policies.length);
  },
  'Lambda loses its queue': async (dues: string[]) => {
    toPostgres.shutWhen(() => true);
    const lambda = await startFunction(toPostgres.url.href, []);
    await fire(lambda, dues);
    await until(() => toPostgres.held() > 0);
    await lambda.close();
  },
  'the function is throttled until the events are too old': async (dues: string[]) => {
    const letters: InvocationRecord[] = [];
    const lambda = await startFunction(world.databaseUrl, letters, 0);
    await fire(lambda, dues);
    await until(() => letters.length === dueTimes * policies.length);
  },
  'nobody fires': async () => {},
};

test.each(Object.entries(lose))(
  'when %s, one look afterwards leaves each due time ok or missed as its policy says, and none doubled',
  async (_, loseAll) => {
    const dues = await prepare();
    await loseAll(dues);
    const healed = await startFunction(world.databaseUrl, []);
    const runs = openInvoker('computeAccuracy', healed.client);
    const { missed, invoked } = await watch({ db: world.db, runs })();
    const each = missed / policies.length;
    expect(each).toBeGreaterThan(dueTimes);
    expect(invoked).toBe(1 + each);
    const statuses = (n: number) => models.history(n).then((all) => all.map(({ status }) => status));
    const ran = async (n: number) => (await statuses(n)).filter((status) => status === 'no_data').length;
    while ((await ran(1)) < 1 || (await ran(2)) < each) {}
    expect(await statuses(0)).toEqual(Array(each).fill('missed'));
    expect(await statuses(1)).toEqual(['no_data', ...Array(each - 1).fill('missed')]);
    expect(await statuses(2)).toEqual(Array(each).fill('no_data'));
    const page = await overview(world)({ sort: 'model_id', order: 'asc', offset: 0, limit: 3 });
    expect(page.body.items.map(({ status }) => status)).toEqual(['stale', 'no_data', 'no_data']);
    await healed.close();
  },
  60_000,
);

test('an event that waited out the fault and comes after it was caught up changes nothing', async () => {
  const dues = await prepare();
  const healed = await startFunction(world.databaseUrl, []);
  const runs = openInvoker('computeAccuracy', healed.client);
  await watch({ db: world.db, runs })();
  while ((await models.missed(2)).items.length > 0) {}
  const before = await models.history(2);
  for (const scheduled_time of dues) await runs.invoke({ model_id: modelNamed(2), scheduled_time });
  expect(await models.history(2)).toEqual(before);
  await healed.close();
});
