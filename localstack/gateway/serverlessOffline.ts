import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeSockets } from './sockets';

const answers = (socketPath: string) =>
  new Promise<boolean>((resolve) => {
    request({ socketPath, method: 'OPTIONS' }, (response) =>
      response.resume().once('end', () => resolve(true)),
    )
      .once('error', () => resolve(false))
      .end();
  });

/**
 * serverless-offline with `serverless.yml` of a folder, in a process that ends with ours.
 * @throws Error when it ends before it answers; what it has to say is on our standard error
 */
export const startServerlessOffline = async (folder: string) => {
  const sockets = makeSockets();
  const preloaded = ['./endWithParent.js', './quiet.js'].flatMap((module) => ['--require', module]);
  const serverless = createRequire(__filename).resolve('serverless/bin/serverless.js');
  const where = ['--httpPort', sockets.http, '--lambdaPort', sockets.lambda];
  const child = spawn(
    process.execPath,
    [...preloaded, serverless, 'offline', 'start', '--stage', 'local', ...where],
    { cwd: folder, stdio: ['pipe', 'inherit', 'inherit'], env: { SLS_LOG_LEVEL: 'warning', ...process.env } },
  );
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => resolve()).once('error', () => resolve()),
  );
  let running = true;
  ended.then(() => {
    running = false;
  });
  while (!(await answers(sockets.http))) {
    if (!running) throw new Error('serverless-offline did not start');
    await sleep(50);
  }
  return { socketPath: sockets.http, ended, stop: () => child.kill('SIGTERM') };
};
