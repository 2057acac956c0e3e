import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { type Child, startChild, whenReady } from './child';
import { commandOf } from './command';

const onPath = (program: string): boolean =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)));

const missing =
  'redis-server is not installed: "sudo apt-get install -y redis-server" (Debian, Ubuntu) or "brew install redis" ' +
  '(macOS), or set REDIS_URL';

/** Ends a server that a killed start left in this folder: two must not write one append-only file. */
const stopLeftover = async (pidFile: string) => {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  while (/(redis|valkey)-server/.test(commandOf(pid))) {
    try {
      process.kill(pid, 'SIGTERM');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has ended between the two calls
    }
    await new Promise((done) => setTimeout(done, 100));
  }
};

/**
 * A Redis (or Valkey) server of our own at `url`, a port of 127.0.0.1, with its append-only file in `folder`.
 * @throws Error that says how to install one
 */
export const startRedis = async (folder: string, url: URL, logFile: string): Promise<Child> => {
  const program = ['redis-server', 'valkey-server'].find(onPath);
  if (!program) throw new Error(missing);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pidFile = resolve(folder, 'redis.pid');
  await stopLeftover(pidFile);
  const config = {
    port: url.port,
    bind: '127.0.0.1',
    requirepass: url.password,
    dir: JSON.stringify(resolve(folder)),
    pidfile: JSON.stringify(pidFile),
    appendonly: 'yes',
    save: '""',
  };
  // The configuration goes in by standard input: arguments, and so a password, are for everybody to see.
  const stdin = Object.entries(config)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');
  const child = startChild(program, ['-'], { cwd: folder, logFile, stdin });
  await whenReady(child, 'Redis', async () => {
    const client = new Redis(url.href, { lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => {});
    try {
      await client.ping();
    } finally {
      client.disconnect();
    }
  });
  return child;
};
