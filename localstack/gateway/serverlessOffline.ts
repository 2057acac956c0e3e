import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { makeSockets } from './sockets';

/**
 * serverless-offline with `service.json` of a folder, in a process that ends with ours.
 * @throws Error when it ends before it answers; what it has to say is on our standard error
 */
export const startServerlessOffline = async (folder: string) => {
  const sockets = makeSockets();
  const child = spawn(
    process.execPath,
    ['--require', './endWithParent.js', './serverlessOffline/main.mjs', sockets.http, sockets.lambda],
    { cwd: folder, stdio: ['pipe', 'inherit', 'inherit', 'ipc'] },
  );
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => resolve()).once('error', () => resolve()),
  );
  const failed = ended.then(() => {
    throw new Error('serverless-offline did not start');
  });
  await Promise.race([once(child, 'message'), failed]);
  failed.catch(() => {});
  child.disconnect();
  return { socketPath: sockets.http, ended, stop: () => child.kill('SIGTERM') };
};
