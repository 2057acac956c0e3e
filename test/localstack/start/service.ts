import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from '../../../localstack/ports';
import { readEnvFile } from '../../setup/envFile';

const hash = (token: string) => createHash('sha256').update(token).digest('hex');

/** What `npm start` runs after the build, with data of its own and, unless told otherwise, the tokens `writer` and `reader`. */
export const startService = async (variables: Record<string, string> = {}, args: string[] = []) => {
  const folder = mkdtempSync(join(tmpdir(), 'cyclic-metrics-service-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = spawn(process.execPath, ['.build/start.js', ...args], {
    stdio: 'ignore',
    env: {
      ...process.env,
      DATABASE_URL: undefined,
      REDIS_URL: undefined,
      API_ACCESS: undefined,
      PORT: String(port),
      DATA_DIR: join(folder, 'data'),
      API_TOKENS: `w:write:${hash('writer')},r:read:${hash('reader')}`,
      ...variables,
    },
  });
  const settings = join(folder, 'data/env');
  while (!existsSync(settings) || !(await fetch(`${url}/health`).catch(() => undefined))?.ok) {
    if (service.exitCode !== null) throw new Error('the service ended');
    await sleep(100);
  }
  const databaseUrl = readEnvFile(settings).DATABASE_URL as string;
  const db = new Client({ connectionString: databaseUrl });
  await db.connect();
  return {
    url,
    pid: service.pid as number,
    folder,
    databaseUrl,
    db,
    stop: async () => {
      await db.end();
      service.kill('SIGTERM');
      await once(service, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
};
