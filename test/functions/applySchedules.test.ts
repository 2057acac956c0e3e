import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { applySchedules } from '../../functions/applySchedules';
import { getSchedule } from '../../functions/getSchedule';
import { httpHandler } from '../../lib/http/handler';
import { route } from '../../lib/http/routes/applySchedules';
import type { Settings } from '../../lib/schedule/schedule';
import { openScheduler } from '../../lib/scheduler/scheduler';
import { bodyOf, eventOf } from '../http/event';
import { openRefusing } from '../setup/refusing';
import { modelNamed, openWorld, schedulerClient, settingsOf, target, type World } from '../setup/world';

let world: World;
let refusing: Awaited<ReturnType<typeof openRefusing>>;

beforeEach(async () => {
  world = await openWorld();
  refusing = await openRefusing(world.schedulerUrl);
  world.scheduler = openScheduler(schedulerClient(refusing.url), target);
});
afterEach(async () => {
  refusing.close();
  await world.close();
});

const handle = (deps: Parameters<typeof applySchedules>[0]) =>
  httpHandler(route, async () => applySchedules(deps));

interface Asked {
  tag?: string;
  dry_run?: string;
  maxSchedules?: number;
}

const put = async (schedules: object[], { tag, dry_run, maxSchedules }: Asked = {}) => {
  const answer = await handle({ ...world, maxSchedules })(
    eventOf({ query: { ...(dry_run && { dry_run }) }, body: JSON.stringify({ tag, schedules }) }),
  );
  return { status: answer.statusCode, ...bodyOf(answer) };
};

const daily = (n: number, changes: Partial<Settings> = {}) => ({
  model_id: modelNamed(n),
  cron_expression: '0 9 * * *',
  ...changes,
});

const nothing = { dry_run: false, new: [], changed: [], removed: [], failed: [] };

const expressions = async () => {
  const rows = await world.db.query<Settings>(
    'SELECT model_id, cron_expression FROM metrics_executions ORDER BY model_id',
  );
  return Object.fromEntries(rows.map(({ model_id, cron_expression }) => [model_id, cron_expression]));
};

test('makes the schedules of a set, in PostgreSQL and in the Scheduler; a second time it does nothing', async () => {
  expect(await put([daily(1), daily(2)])).toEqual({
    ...nothing,
    status: 200,
    new: [modelNamed(1), modelNamed(2)],
    unchanged: 0,
  });
  expect((await world.scheduled(modelNamed(2)))?.ScheduleExpression).toBe('cron(0 9 * * ? *)');
  refusing.asked.length = 0;
  expect(await put([daily(2), daily(1)])).toEqual({ ...nothing, status: 200, unchanged: 2 });
  expect(refusing.asked).toEqual([]);
});

test('tells which settings change, and none that is only spelt otherwise', async () => {
  await put([daily(1, { metrics: ['accuracy', 'top_k_accuracy'] }), daily(2), daily(3)]);
  const answer = await put([
    daily(1, { cron_expression: '00 9 * * *', metrics: ['accuracy', { name: 'top_k_accuracy', k: 2 }] }),
    daily(2, { timezone: 'Europe/Berlin' }),
    daily(3, { metrics: ['f1_macro'], catch_up: 'none' }),
  ]);
  expect(answer).toMatchObject({
    unchanged: 1,
    changed: [
      { model_id: modelNamed(2), fields: ['timezone'] },
      { model_id: modelNamed(3), fields: expect.arrayContaining(['metrics', 'catch_up']) },
    ],
  });
});

test('a dry run tells the same and changes nothing', async () => {
  await put([daily(1), daily(2), daily(3, { tags: ['a', 'risk'] })], { tag: 'risk' });
  const set = [daily(1, { cron_expression: '0 10 * * *' }), daily(3, { tags: ['a'] }), daily(4)];
  const dry = await put(set, { tag: 'risk', dry_run: 'true' });
  expect(dry).toEqual({
    status: 200,
    dry_run: true,
    new: [modelNamed(4)],
    changed: [{ model_id: modelNamed(1), fields: ['cron_expression'] }],
    removed: [modelNamed(2)],
    unchanged: 1,
    failed: [],
  });
  expect(Object.values(await expressions())).toEqual(['0 9 * * *', '0 9 * * *', '0 9 * * *']);
  expect(await put(set, { tag: 'risk' })).toEqual({ ...dry, dry_run: false });
  expect(await expressions()).toEqual({
    [modelNamed(1)]: '0 10 * * *',
    [modelNamed(3)]: '0 9 * * *',
    [modelNamed(4)]: '0 9 * * *',
  });
  expect(await world.scheduled(modelNamed(2))).toBeUndefined();
});

test('what is not in the set stays, unless it has the tag of the set', async () => {
  await put([daily(1), daily(2, { tags: ['risk'] }), daily(3, { tags: ['risky'] })]);
  expect(await put([])).toEqual({ ...nothing, status: 200, unchanged: 0 });
  expect((await put([], { tag: 'risk' })).removed).toEqual([modelNamed(2)]);
  expect(Object.keys(await expressions())).toEqual([modelNamed(1), modelNamed(3)]);
});

test('a name goes over to another model with the one that is removed; two models of a set have two names', async () => {
  await put([daily(1, { name: 'Fraud' })], { tag: 'risk' });
  expect((await put([daily(2, { name: 'Fraud' })], { tag: 'risk' })).failed).toEqual([]);
  const twice = await put([daily(2, { name: 'Fraud' }), daily(3, { name: 'Fraud' })]);
  expect(twice.errors).toEqual([{ path: 'schedules.1.name', message: 'Fraud is in the set twice' }]);
  expect((await put([daily(3, { name: 'Fraud' })])).failed).toEqual([
    { model_id: modelNamed(3), message: `the name "Fraud" belongs to model ${modelNamed(2)}` },
  ]);
});

test('a schedule with twenty other tags has no room for that of the set', async () => {
  const tags = Array.from({ length: 20 }, (_, n) => `t${n}`);
  const { errors } = await put([daily(1, { tags })], { tag: 'risk' });
  expect(errors).toEqual([{ path: 'schedules.0.tags', message: 'must be at most 19 tags besides "risk"' }]);
  expect((await put([daily(1, { tags })], { tag: 't3' })).failed).toEqual([]);
});

test('of a set with an error nothing is done, and the error is told with its place', async () => {
  const { status, errors } = await put([daily(1), { ...daily(2), cron_expression: '61 * * * *' }]);
  expect(status).toBe(400);
  expect(errors).toEqual([
    { path: 'schedules.1.cron_expression', message: 'minute: 61 is beyond the range 0-59' },
  ]);
  expect(await put([daily(1), daily(1)])).toMatchObject({
    status: 400,
    errors: [{ path: 'schedules.1.model_id', message: `${modelNamed(1)} is in the set twice` }],
  });
  expect(await expressions()).toEqual({});
});

test('a model that the Scheduler refuses is wholly as before, and holds up no other', async () => {
  await put([daily(1)]);
  refusing.refuseWhen(({ path }) =>
    path.includes(modelNamed(1)) ? { status: 400, type: 'ValidationException', message: 'no' } : undefined,
  );
  const answer = await put([daily(1, { cron_expression: '0 10 * * *' }), daily(2)]);
  expect(answer.failed).toEqual([{ model_id: modelNamed(1), message: 'Scheduler refuses it: no' }]);
  expect(await expressions()).toEqual({ [modelNamed(1)]: '0 9 * * *', [modelNamed(2)]: '0 9 * * *' });
});

test('removing makes room first where there is room for so many only', async () => {
  await put([daily(1), daily(2)], { tag: 'risk', maxSchedules: 2 });
  expect((await put([daily(2), daily(3)], { tag: 'risk', maxSchedules: 2 })).failed).toEqual([]);
  const full = await put([daily(2), daily(3), daily(4)], { maxSchedules: 2 });
  expect(full.failed).toEqual([
    { model_id: modelNamed(4), message: expect.stringContaining('MAX_SCHEDULES') },
  ]);
});

describe('npm run apply', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cyclic-metrics-apply-'));
  let server: Server;
  let url: string;

  beforeEach(async () => {
    server = createServer(async (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const answer = await handle(world)(
        eventOf({ query: Object.fromEntries(searchParams), body: Buffer.concat(chunks).toString() }),
      );
      response.writeHead(pathname === '/schedules' ? (answer.statusCode ?? 500) : 404).end(answer.body);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => server.close());
  afterAll(() => rmSync(folder, { recursive: true }));

  const apply = (file: string, ...options: string[]) =>
    promisify(execFile)(process.execPath, ['lib/http/apply.mjs', join(folder, file), ...options], {
      env: { ...process.env, CYCLIC_URL: url },
    }).catch((error) => error as { stdout: string; stderr: string; code: number });

  test('reads YAML or JSON, shows the plan, and does it', async () => {
    const all = [daily(1), daily(2)].map((schedule) => ({ ...schedule, tags: ['risk'] }));
    writeFileSync(join(folder, 'a.yml'), stringify(all));
    const first = await apply('a.yml');
    expect(first.stdout).toBe(
      `+ ${modelNamed(1)}\n+ ${modelNamed(2)}\n2 new, 0 changed, 0 removed, 0 as they are\ndone\n`,
    );
    writeFileSync(
      join(folder, 'b.json'),
      JSON.stringify({ tag: 'risk', schedules: [daily(2, { timezone: 'Asia/Tokyo' })] }),
    );
    const second = await apply('b.json', '--dry-run');
    expect(second.stdout).toBe(
      `~ ${modelNamed(2)} timezone\n- ${modelNamed(1)}\n0 new, 1 changed, 1 removed, 0 as they are\n`,
    );
    expect(Object.keys(await expressions())).toHaveLength(2);
    await apply('b.json');
    const { body } = await getSchedule(world)({ model_id: modelNamed(2) });
    expect(body.timezone).toBe('Asia/Tokyo');
    expect(Object.keys(await expressions())).toEqual([modelNamed(2)]);
  });

  test('ends with an error that names the field', async () => {
    writeFileSync(join(folder, 'c.yml'), stringify([settingsOf(1, { timezone: 'europe/berlin' })]));
    const { code, stderr } = (await apply('c.yml')) as { code: number; stderr: string };
    expect(code).toBe(1);
    expect(stderr).toContain('schedules.0.timezone: must be an IANA time zone');
    expect(stderr).toContain('did you mean "Europe/Berlin"?');
  });
});
