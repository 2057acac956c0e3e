import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { eventOf } from '../http/event';
import { inTurn, labels, quantile, round, timed } from './numbers';
import { cpuMsByRole, difference } from './processes';
import { type Service, type Stage, startService } from './stage';

const models = Array.from({ length: 100 }, () => randomUUID());

const schedule = (model_id: string) => JSON.stringify({ model_id, cron_expression: '0 0 1 1 *' });

/** Every model has a schedule and a result. */
const prepare = async ({ sql, url }: Service) => {
  for (const model of models) {
    await sql('INSERT INTO results (model_id, y_true, y_pred) VALUES ($1, $2, $3)', [
      model,
      labels(100, false),
      labels(100, true),
    ]);
    const headers = { 'content-type': 'application/json' };
    await fetch(`${url}/schedule`, { method: 'POST', headers, body: schedule(model) });
    const run = await fetch(`${url}/schedule/${model}/run`, { method: 'POST', headers });
    if (run.status !== 200) throw new Error(`run: ${run.status} ${await run.text()}`);
  }
};

const send = (agent: Agent, url: string, wanted: number, body?: string) =>
  new Promise<void>((done, failed) => {
    const headers = body
      ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      : {};
    const outgoing = request(url, { agent, method: body ? 'POST' : 'GET', headers }, (answer) => {
      answer.resume().once('end', () => {
        if (answer.statusCode === wanted) done();
        else failed(new Error(`${url}: ${answer.statusCode}`));
      });
    });
    outgoing.once('error', failed).end(body);
  });

type Call = (agent: Agent, n: number) => Promise<void>;

const load = async (service: Service, call: Call, connections: number, ms: number) => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  await inTurn(connections, { ms: ms / 5 }, (n) => call(agent, n));
  const taken: number[] = [];
  const before = cpuMsByRole(service.pid);
  const seconds = await inTurn(connections, { ms }, async (n) => {
    const start = performance.now();
    await call(agent, n);
    taken.push(performance.now() - start);
  });
  const cpu = difference(cpuMsByRole(service.pid), before);
  agent.destroy();
  return {
    connections,
    'requests/s': round(taken.length / seconds, 0),
    'p50 ms': round(quantile(taken, 0.5)),
    'p99 ms': round(quantile(taken, 0.99)),
    'serverless-offline CPU ms': round((cpu['serverless-offline'] ?? 0) / taken.length),
    'stores CPU ms': round(((cpu.PostgreSQL ?? 0) + (cpu.Redis ?? 0)) / taken.length),
  };
};

const overHttp = async (stage: Stage, service: Service) => {
  const { url } = service;
  const calls: Record<string, Call> = {
    'GET /results': (agent, n) => send(agent, `${url}/results/${models[n % models.length]}`, 200),
    'POST /schedule': (agent) => send(agent, `${url}/schedule`, 201, schedule(randomUUID())),
  };
  const rows = [];
  for (const [name, call] of Object.entries(calls)) {
    for (const connections of [1, 8, 32]) {
      rows.push({ call: name, ...(await load(service, call, connections, stage.small ? 500 : 3000)) });
    }
  }
  return rows;
};

/** The built functions, called in this process as Lambda calls them. */
const handlers = async (stage: Stage, { env }: Service) => {
  Object.assign(process.env, env, { API_ACCESS: 'local' });
  const load = createRequire(resolve('.build/functions/x.js'));
  const { handler: getResult } = load('./getResult.js');
  const { handler: postSchedule } = load('./schedule.js');
  const calls: Record<string, (n: number) => Promise<{ statusCode: number }>> = {
    'GET /results': (n) => getResult(eventOf({ params: { model_id: models[n % models.length] as string } })),
    'POST /schedule': () => postSchedule(eventOf({ body: schedule(randomUUID()) })),
  };
  const rows = [];
  for (const [name, call] of Object.entries(calls)) {
    const ms = await timed(stage.small ? 200 : name.startsWith('GET') ? 10_000 : 3000, async (n) => {
      const { statusCode } = await call(n);
      if (statusCode >= 300) throw new Error(`${name}: ${statusCode}`);
    });
    rows.push({ handler: name, 'p50 ms': round(quantile(ms, 0.5)), 'p99 ms': round(quantile(ms, 0.99)) });
  }
  return rows;
};

/** The HTTP API of `npm start`, and its handlers without the emulation of API Gateway and Lambda. */
export const benchApi = async (stage: Stage) => {
  const service = await startService(stage, 'api');
  await prepare(service);
  const rows = await overHttp(stage, service);
  const apart = await handlers(stage, service);
  await service.stop();
  return { rows, handlers: apart };
};
