import { setTimeout as sleep } from 'node:timers/promises';
import type { Result } from '../../../lib/runs/result';
import { hasEngine, type LogLine, openStack, type Stack, until } from './stack';

const model = '550e8400-e29b-41d4-a716-446655440000'; // of sql/test_data.sql
const minuteMs = 60_000;
const group = 'cyclic-metrics-local';

const engine = hasEngine();
if (!engine)
  process.stderr.write('\nSKIPPED: no Docker engine answers here, docker-compose.yml was not tested.\n');

(engine ? describe : describe.skip)('docker compose', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await openStack();
    await stack.compose('up', '--build', '--wait', '--detach');
  }, 900_000);

  afterAll(async () => {
    await stack.compose('down', '--volumes', '--rmi', 'local');
  });

  const runs = async () => {
    const rows = await stack.sql<{ scheduled_time: Date }>(
      "SELECT scheduled_time FROM runs WHERE model_id = $1 AND trigger = 'schedule' ORDER BY scheduled_time",
      [model],
    );
    return rows.map(({ scheduled_time }) => scheduled_time.getTime());
  };

  const nextMinute = () => Math.ceil(Date.now() / minuteMs) * minuteMs;

  const isRun = (due: number) =>
    until(`the run of ${new Date(due).toISOString()}`, async () => (await runs()).includes(due), 120_000);

  /** Lambda environments that wait for work. */
  const idle = async () => {
    const ask = "fetch('http://127.0.0.1:9000/health').then(async (it) => console.log(await it.text()))";
    const state = JSON.parse(await stack.compose('exec', '-T', 'clock', 'node', '-e', ask));
    return state.computeAccuracy.idle as number;
  };

  const storedSchedules = async () => {
    const query = ['--group-name', group, '--query', 'Schedules[].Name', '--output', 'text'];
    return stack.compose('exec', '-T', 'localstack', 'awslocal', 'scheduler', 'list-schedules', ...query);
  };

  const runsIn = async (service: string) => {
    const lines = await stack.logged(service);
    return lines.filter(({ message }) => message === 'run') as (LogLine & { outcome: Result })[];
  };

  test('when `up --wait` returns, a POST succeeds and a run can be had', async () => {
    const made = await stack.call('POST', '/schedule', { model_id: model, cron_expression: '* * * * *' });
    expect(made).toMatchObject({ status: 201, body: { model_id: model, enabled: true } });
    expect(await storedSchedules()).toBe(model);
    const run = await stack.call('POST', `/schedule/${model}/run`);
    expect(run).toMatchObject({ status: 200, body: { status: 'ok', n_samples: 112 } });
  });

  test('a due time runs in a lambda container and nowhere else', async () => {
    const due = nextMinute();
    await isRun(due);
    const { body } = await stack.call('GET', `/results/${model}`);
    expect(body).toMatchObject({ status: 'ok', scheduled_time: new Date(due).toISOString(), stale: false });
    const containers = async () =>
      (await runsIn('lambda'))
        .filter(({ outcome }) => outcome.scheduled_time === body.scheduled_time)
        .map(({ container }) => container);
    await until('its line in the log', async () => (await containers()).length > 0);
    expect(await containers()).toEqual([expect.stringMatching(/^lambda-[12]$/)]);
    expect(await runsIn('api')).toEqual([]);
    expect(await runsIn('clock')).toEqual([]);
  });

  test('`--scale lambda=3` adds an environment, and runs at the same time share all of them', async () => {
    expect(await idle()).toBe(2);
    await stack.compose('up', '--detach', '--wait', '--no-recreate', '--scale', 'lambda=3');
    expect(await idle()).toBe(3);
    const all = Array.from({ length: 60 }, () => stack.call('POST', `/schedule/${model}/run`));
    for (const { status } of await Promise.all(all)) expect(status).toBe(200);
    await until('lines of three containers', async () => {
      const containers = new Set((await runsIn('lambda')).map(({ container }) => container));
      return containers.size === 3;
    });
  });

  test('a run whose container dies in the middle is run again in another, and the container comes back', async () => {
    const due = nextMinute();
    const lock = await stack.connect();
    try {
      await sleep(due - Date.now() - 2000);
      await lock.query('BEGIN');
      await lock.query('LOCK TABLE results IN ACCESS EXCLUSIVE MODE');
      const waiting = "SELECT host(client_addr) AS ip FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
      const { ip } = await until('a run that waits', async () => (await stack.sql(waiting))[0], 10_000);
      const address = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
      for (const container of await stack.containers('lambda')) {
        if ((await stack.docker('inspect', '--format', address, container)) === ip)
          await stack.crash(container);
      }
      await until('the failed attempt', async () => {
        const retries = (await stack.logged('clock')).filter(({ event }) => event === 'asyncRetry');
        return retries.some(({ error }) => /Runtime exited/.test(String(error)));
      });
    } finally {
      await lock.end();
    }
    await isRun(due);
    await until('three environments', async () => (await idle()) === 3);
  });

  test('LocalStack loses its schedules when it restarts, and has them back before the next due time', async () => {
    await stack.compose('restart', 'localstack');
    await until('the schedule in LocalStack', async () => (await storedSchedules()) === model);
    await isRun(nextMinute());
  });

  test('LocalStack is killed, Redis, PostgreSQL and the clock restart: the next due time runs all the same', async () => {
    const [localstack = ''] = await stack.containers('localstack');
    await stack.crash(localstack);
    for (const service of ['redis', 'postgres', 'clock']) await stack.compose('restart', service);
    const due = nextMinute();
    await isRun(due);
    expect(await storedSchedules()).toBe(model);
    const result = await until('the result', async () => {
      const { status, body } = await stack.call('GET', `/results/${model}`);
      return status === 200 && new Date(body.scheduled_time).getTime() >= due && body;
    });
    expect(result).toMatchObject({ status: 'ok', stale: false });
    await until('three environments', async () => (await idle()) === 3);
  });

  test('every due time from the first to the last has one run', async () => {
    const found = await runs();
    const [first = 0] = found;
    expect(found.length).toBeGreaterThanOrEqual(4);
    expect(found).toEqual(found.map((_, index) => first + index * minuteMs));
  });

  test('everything stops within ten seconds, nothing is killed', async () => {
    const all = (await stack.compose('ps', '--quiet')).split('\n');
    const before = Date.now();
    await stack.compose('stop');
    const seconds = (Date.now() - before) / 1000;
    for (const container of all) {
      const stopped = await stack.docker('inspect', '--format', '{{.Name}} {{.State.ExitCode}}', container);
      expect(stopped).not.toMatch(/ 137$/);
    }
    expect(seconds).toBeLessThan(10);
  });
});
