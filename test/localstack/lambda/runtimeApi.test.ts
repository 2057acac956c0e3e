import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { startLambdaService } from '../../../localstack/lambda/service';
import { caller, stopAll, untilState } from './lambda';

// The Runtime API as an environment sees it, spoken by hand.

const services: { close: () => Promise<void> }[] = [];
const agents: Agent[] = [];
afterAll(async () => {
  await stopAll();
  for (const agent of agents) agent.destroy();
  await Promise.all(services.map((service) => service.close()));
});

const start = async (timeoutMs = 25_000) => {
  const service = await startLambdaService({ functions: { f: { timeoutMs } }, closeGraceMs: 0 });
  services.push(service);
  const { invoke } = caller(service.url);
  return { url: service.url, api: service.runtimeApi.f as string, invoke };
};

/** An environment: one connection. */
const connect = (api: string) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  const { hostname, port, pathname } = new URL(`http://${api}`);
  const send = (method: string, path: string, body = '') => {
    const outgoing = request({
      agent,
      hostname,
      port,
      method,
      path: `${pathname}/2018-06-01/runtime/${path}`,
    });
    outgoing.on('error', () => {});
    outgoing.end(body);
    return outgoing;
  };
  const call = async (method: string, path: string, body?: string) => {
    const [incoming] = (await once(send(method, path, body), 'response')) as [IncomingMessage];
    const chunks = await incoming.toArray();
    const text = Buffer.concat(chunks).toString();
    return {
      status: incoming.statusCode,
      id: String(incoming.headers['lambda-runtime-aws-request-id']),
      text,
    };
  };
  return { send, call, next: () => call('GET', 'invocation/next'), leave: () => agent.destroy() };
};

test('an invocation comes with its id, deadline, ARN and trace', async () => {
  const { api, invoke } = await start();
  const environment = connect(api);
  const outgoing = environment.send('GET', 'invocation/next');
  const before = Date.now();
  const answer = invoke('f', { a: 1 });
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  expect(JSON.parse(Buffer.concat(await incoming.toArray()).toString())).toEqual({ a: 1 });
  const { headers } = incoming;
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  expect(deadline).toBeGreaterThanOrEqual(before + 25_000);
  expect(deadline).toBeLessThanOrEqual(Date.now() + 25_000);
  expect(headers['lambda-runtime-invoked-function-arn']).toBe(
    'arn:aws:lambda:us-east-1:000000000000:function:f',
  );
  expect(headers['lambda-runtime-trace-id']).toMatch(/^Root=1-/);
  const id = headers['lambda-runtime-aws-request-id'];
  expect(await environment.call('POST', `invocation/${id}/response`, '"ok"')).toMatchObject({ status: 202 });
  expect(await answer).toMatchObject({ payload: 'ok', requestId: id });
});

test('an environment that has left is given nothing', async () => {
  const { url, api, invoke } = await start();
  const gone = connect(api);
  gone.send('GET', 'invocation/next');
  await untilState(url, 'f', { idle: 1 });
  gone.leave();
  const answer = invoke('f', {});
  const environment = connect(api);
  const { id } = await environment.next();
  await environment.call('POST', `invocation/${id}/response`, '1');
  expect((await answer).payload).toBe(1);
});

test('an environment that leaves in the middle has failed its invocation', async () => {
  const { api, invoke } = await start();
  const environment = connect(api);
  const answer = invoke('f', {});
  const { id } = await environment.next();
  environment.leave();
  expect((await answer).payload).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${id} Error: Runtime exited without providing a reason`,
  });
});

test('an environment that asks for more before it has answered has failed its invocation', async () => {
  const { api, invoke } = await start();
  const environment = connect(api);
  const first = invoke('f', 1);
  await environment.next();
  environment.send('GET', 'invocation/next');
  expect((await first).payload.errorType).toBe('Runtime.ExitError');
});

test('a late answer is refused with 400, and the environment may ask again', async () => {
  const { api, invoke } = await start(100);
  const environment = connect(api);
  const late = invoke('f', { late: true });
  const { id } = await environment.next();
  expect((await late).payload.errorType).toBe('Sandbox.Timedout');
  expect(await environment.call('POST', `invocation/${id}/response`, '1')).toMatchObject({ status: 400 });
  const next = environment.next();
  void invoke('f', { late: false }).catch(() => {});
  expect((await next).text).toBe('{"late":false}');
});

test('an environment cannot answer for another one', async () => {
  const { api, invoke } = await start();
  const [one, other] = [connect(api), connect(api)];
  const answer = invoke('f', {});
  const { id } = await one.next();
  const otherAnswer = invoke('f', {});
  const { id: otherId } = await other.next();
  expect((await other.call('POST', `invocation/${id}/response`, '"not mine"')).status).toBe(400);
  expect((await other.call('POST', `invocation/${otherId}/response`, '2')).status).toBe(202);
  expect((await one.call('POST', `invocation/${id}/response`, '1')).status).toBe(202);
  expect((await answer).payload).toBe(1);
  expect((await otherAnswer).payload).toBe(2);
});

test('an answer is taken once', async () => {
  const { api, invoke } = await start();
  const environment = connect(api);
  const answer = invoke('f', {});
  const { id } = await environment.next();
  const path = `invocation/${id}/response`;
  expect((await environment.call('POST', path, '1')).status).toBe(202);
  expect((await environment.call('POST', path, '2')).status).toBe(400);
  expect((await answer).payload).toBe(1);
});

test('an init error reaches those who wait, but not while another environment works', async () => {
  const { url, api, invoke } = await start();
  const [works, broken] = [connect(api), connect(api)];
  const running = invoke('f', {});
  const { id } = await works.next();
  const waiting = invoke('f', {});
  await untilState(url, 'f', { waiting: 1 });
  const error = JSON.stringify({ errorType: 'Runtime.ImportModuleError', errorMessage: 'no pg', trace: [] });
  expect((await broken.call('POST', 'init/error', error)).status).toBe(202);
  await works.call('POST', `invocation/${id}/response`, '1');
  expect((await running).payload).toBe(1);
  await untilState(url, 'f', { waiting: 1, running: 0 });
  await broken.call('POST', 'init/error', error);
  expect(await waiting).toMatchObject({ error: 'Unhandled', payload: JSON.parse(error) });
});
