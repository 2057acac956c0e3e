import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// A process of its own beside the bench: when the bench has ended, however it did, this ends the servers that still
// have their data in its folder, and removes the folder.
const folder = process.argv[2] as string;

const pidFiles = ['start.pid', 'postmaster.pid', 'redis.pid'];

/** `npm start` first: it stops its own servers. */
const pids = () =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => pidFiles.some((file) => name.endsWith(file)))
    .sort((a, b) => Number(b.endsWith('start.pid')) - Number(a.endsWith('start.pid')))
    .map((name) => Number(readFileSync(join(folder, name), 'utf8').split('\n')[0]))
    .filter((pid) => pid > 0);

const end = async (pid: number) => {
  try {
    process.kill(pid, 'SIGINT');
    for (let tries = 0; tries < 100; tries++) {
      await sleep(100);
      process.kill(pid, 0);
    }
    process.kill(pid, 'SIGKILL');
  } catch {} // it has ended
};

process.stdin.resume().once('close', async () => {
  for (const pid of pids()) await end(pid);
  rmSync(folder, { recursive: true, force: true });
});
