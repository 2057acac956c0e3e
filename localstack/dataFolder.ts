import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { commandOf } from './servers/command';

/** Where a start keeps what must outlive it. */
export interface DataFolder {
  path: (name: string) => string;
  /** The password of the stores, made at the first start. */
  password: string;
  release: () => void;
}

const readPassword = (file: string) => {
  if (!existsSync(file)) writeFileSync(file, randomBytes(16).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
};

/** @throws Error that says why the folder cannot be used */
export const openDataFolder = (folder: string): DataFolder => {
  const path = (name: string) => join(resolve(folder), name);
  const pidFile = path('start.pid');
  try {
    // root's PostgreSQL runs as another user, who has to pass.
    mkdirSync(resolve(folder), { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    mkdirSync(path('log'), { recursive: true, mode: 0o700 });
    const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0;
    if (pid > 0 && commandOf(pid).includes('start.js'))
      throw new Error(`process ${pid} uses it already, stop that first`);
    writeFileSync(pidFile, String(process.pid), { mode: 0o600 });
    return {
      path,
      password: readPassword(path('password')),
      release: () => rmSync(pidFile, { force: true }),
    };
  } catch (error) {
    throw new Error(`data folder ${resolve(folder)} cannot be used: ${(error as Error).message}`);
  }
};
