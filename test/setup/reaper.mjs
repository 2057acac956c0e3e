import { readdirSync, readFileSync, rmSync } from 'node:fs';

// Outlives the test run: when that ends, however it does, it ends every process that the run left behind, and removes its
// folder. Arguments: the value of TEST_RUN in the environment of all of them, and the folder.

const [run, folder] = process.argv.slice(2);

const environmentOf = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return ''; // it has ended, or this is not Linux
  }
};

const left = () =>
  readdirSync('/proc').filter(
    (pid) =>
      /^\d+$/.test(pid) && Number(pid) !== process.pid && environmentOf(pid).includes(`TEST_RUN=${run}\0`),
  );

process.stdin.resume().on('close', () => {
  for (const pid of process.platform === 'linux' ? left() : []) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
