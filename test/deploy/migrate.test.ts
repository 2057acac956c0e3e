import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startLambda, stopAll } from '../localstack/lambda/lambda';

afterAll(stopAll);

const migrate = async (handler: string) => {
  const lambda = await startLambda({ 'cyclic-metrics-prod-migrate': { handler } });
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    SLS_TELEMETRY_DISABLED: '1',
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    API_TOKENS: `test:write:${'0'.repeat(64)}`,
  };
  const child = spawn('npm', ['run', '--silent', 'migrate:aws', '--', '--stage', 'prod'], {
    env,
    stdio: 'ignore',
  });
  const [code] = await once(child, 'exit');
  return { code, invokes: lambda.events.filter(({ event }) => event === 'invokeEnded').length };
};

test('npm run migrate:aws invokes the function migrate of the stage', async () => {
  expect(await migrate('echo.handler')).toEqual({ code: 0, invokes: 1 });
});

test('npm run migrate:aws fails where the function fails', async () => {
  expect(await migrate('throwAtLoad.handler')).toMatchObject({ code: 1 });
});
