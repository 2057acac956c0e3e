import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'cyclic-metrics-gateway-';

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** A gateway that was killed could not remove its folder. That of another user stays. */
const removeLeftovers = () => {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (!(pid > 0) || isAlive(pid)) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {}
  }
};

const makeFolder = () => {
  if (process.platform === 'win32') return `\\\\.\\pipe\\${crypto.randomUUID()}`;
  removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/**
 * Unix sockets instead of ports: in a folder that no other user of the machine can enter. One of them is the Lambda API
 * of serverless-offline, which runs any function for whoever asks, and which no setting turns off.
 */
export const makeSockets = () => {
  const folder = makeFolder();
  return { http: join(folder, 'http'), lambda: join(folder, 'lambda') };
};
