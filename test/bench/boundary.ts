import { setTimeout as sleep } from 'node:timers/promises';
import { labels, round } from './numbers';
import { cpuMsByRole, difference, pssMbByRole, withoutStores } from './processes';
import { type Service, type Sql, type Stage, startService } from './stage';

const minuteMs = 60_000;

const insertGroup = (sql: Sql, group: number, models: number, due: Date) =>
  sql(
    `WITH models AS (
      INSERT INTO metrics_executions (model_id, cron_expression)
      SELECT ($1::text || lpad(to_hex(n), 31, '0'))::uuid, $2 FROM generate_series(1, $3::int) AS n
      RETURNING model_id
    ) INSERT INTO results (model_id, y_true, y_pred) SELECT model_id, $4::json, $5::json FROM models`,
    [
      String(group + 1),
      `${due.getUTCMinutes()} ${due.getUTCHours()} * * *`,
      models,
      labels(100, false),
      labels(100, true),
    ],
  );

const lateness = (column: 'started_at' | 'finished_at') =>
  [0.5, 0.99, 1]
    .map(
      (q) =>
        `percentile_disc(${q}) WITHIN GROUP (ORDER BY extract(epoch FROM ${column} - scheduled_time))::float AS ${column}_${q * 100}`,
    )
    .join(', ');

/** Runs that ended; a second delivery of a due time would be a second one. */
const runsInLog = (service: Service, due: Date) => {
  const text = due.toISOString();
  return service
    .log('functions')
    .split('\n')
    .filter((line) => line.includes('"message":"run"') && line.includes(`"scheduled_time":"${text}"`)).length;
};

const measure = async (service: Service, models: number, due: Date) => {
  await sleep(due.getTime() - 1000 - Date.now());
  const before = cpuMsByRole(service.pid);
  await sleep(due.getTime() + 20_000 - Date.now());
  const memory = pssMbByRole(service.pid);
  await sleep(due.getTime() + 50_000 - Date.now());
  const cpu = difference(cpuMsByRole(service.pid), before);
  return { due, models, memory, cpu };
};

const summarize = async (
  service: Service,
  { due, models, memory, cpu }: Awaited<ReturnType<typeof measure>>,
) => {
  const [found] = await service.sql(
    `SELECT count(*)::int AS recorded, ${lateness('started_at')}, ${lateness('finished_at')}
      FROM runs WHERE scheduled_time = $1 AND status = 'ok' AND accuracy = 0.9`,
    [due],
  );
  const seconds = (name: string) => round(found[name] ?? Number.NaN, 3);
  return {
    models,
    'started p50': seconds('started_at_50'),
    'started p99': seconds('started_at_99'),
    'started max': seconds('started_at_100'),
    'recorded p50': seconds('finished_at_50'),
    'recorded p99': seconds('finished_at_99'),
    'recorded max': seconds('finished_at_100'),
    missing: models - found.recorded,
    doubled: runsInLog(service, due) - found.recorded,
    'CPU ms a run': round(withoutStores(cpu) / models),
    'stores CPU ms a run': round(((cpu.PostgreSQL ?? 0) + (cpu.Redis ?? 0)) / models),
    'PSS MB': round(withoutStores(memory), 0),
  };
};

const idle = async (service: Service, seconds: number) => {
  const before = cpuMsByRole(service.pid);
  await sleep(seconds * 1000);
  const cpu = difference(cpuMsByRole(service.pid), before);
  const memory = pssMbByRole(service.pid);
  return Object.keys(memory).map((process) => ({
    process,
    'CPU %': round((cpu[process] ?? 0) / seconds / 10),
    'PSS MB': round(memory[process] ?? 0, 0),
  }));
};

/** Models due all in one minute, groups of them at consecutive minutes, under `npm start`. */
export const benchBoundary = async (stage: Stage) => {
  const most = Number(process.env.BENCH_MODELS ?? 3000);
  const groups = stage.small ? [20, 100] : [...new Set([100, 1000, 3000, most])];
  const service = await startService(stage, 'boundary');
  await sleep(stage.small ? 5000 : 15_000); // what starting leaves behind is over
  const atRest = await idle(service, stage.small ? 5 : 20);
  const all = groups.reduce((sum, models) => sum + models, 0);
  const first = Math.ceil((Date.now() + 10_000 + all * 4) / minuteMs) * minuteMs;
  const dues = groups.map((_, group) => new Date(first + group * minuteMs));
  for (const [group, models] of groups.entries()) {
    await insertGroup(service.sql, group, models, dues[group] as Date);
  }
  await service.reconcile();
  const spareSeconds = round((first - Date.now()) / 1000, 1);
  if (spareSeconds < 4) throw new Error(`reconcile ended ${spareSeconds} s before the first due time`);
  const measured = [];
  for (const [group, models] of groups.entries()) {
    measured.push(await measure(service, models, dues[group] as Date));
  }
  const rows = [];
  for (const one of measured) rows.push(await summarize(service, one));
  const byProcess = measured.flatMap(({ models, cpu, memory }) =>
    Object.keys(cpu).map((process) => ({
      models,
      process,
      'CPU ms a run': round((cpu[process] ?? 0) / models),
      'PSS MB': round(memory[process] ?? 0, 0),
    })),
  );
  await service.stop();
  return { rows, idle: atRest, 'by process': byProcess };
};
