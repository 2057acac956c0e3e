import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processesOf } from './processesOf.cjs';

// Outlives the test run: when that ends, however it does, it ends every process that the run left behind, and removes its
// folder. Arguments: the value of TEST_RUN in the environment of all of them, and the folder.

const [run, folder] = process.argv.slice(2);

/** @returns how many there were */
const endAll = () => {
  const pids = processesOf(run, folder).map(Number);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
  return pids.length;
};

process.stdin.resume().on('close', async () => {
  // What one of them started just before it ended is found in the next round.
  for (let rounds = 0; endAll() > 0 && rounds < 100; rounds++) await sleep(50);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
