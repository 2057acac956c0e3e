import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../localstack/ports';
import { startRedis } from '../../localstack/servers/redis';

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux(
  'a run that is killed leaves no process and no folder: one that inherited TEST_RUN, a Redis',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'killed-run-'));
    const run = crypto.randomUUID();
    const heir = spawn('sleep', ['600'], { env: { ...process.env, TEST_RUN: run }, stdio: 'ignore' });
    const url = new URL(`redis://:test@127.0.0.1:${await freePort()}/0`);
    const redis = await startRedis(join(folder, 'redis'), url, join(folder, 'redis.log'));
    const reaper = spawn(process.execPath, [join(__dirname, 'reaper.mjs'), run, folder], {
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    const ends = [once(heir, 'exit'), redis.ended, once(reaper, 'exit')];
    reaper.stdin.end(); // as when the run ends that holds the other end
    await Promise.all(ends);
    expect(heir.signalCode).toBe('SIGKILL');
    expect(existsSync(folder)).toBe(false);
  },
);
