import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../localstack/ports';

export type Api = Awaited<ReturnType<typeof startApi>>;

/** The real API: the gateway and serverless-offline, in a process group that is killed at once. */
export const startApi = async (env: Record<string, string>) => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['./gateway.js'], {
    cwd: '.build',
    stdio: 'ignore',
    detached: true,
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_POOL_MAX: '20',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      ...env,
    },
  });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-(child.pid as number), 'SIGKILL');
    await once(child, 'exit');
  };
  const answers = () =>
    fetch(`${url}/schedule`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (let tries = 0; tries < 300; tries++) {
    if (await answers()) return { url, kill };
    await sleep(100);
  }
  await kill();
  throw new Error('the API did not start');
};
