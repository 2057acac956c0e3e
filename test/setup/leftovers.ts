import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const isOf = (run: string, pid: string): boolean => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`TEST_RUN=${run}\0`);
  } catch {
    return false; // it has ended, or this is not Linux
  }
};

/** The command lines of the processes of a test run that are still there, but for the one that asks and its parents. */
export const leftovers = (run: string): string[] => {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n');
  const processes = lines.map((line) => {
    const [pid = '', ppid = '', ...args] = line.trim().split(/\s+/);
    return { pid, ppid, args: args.join(' ') };
  });
  const ours = new Set<string>();
  for (let pid: string | undefined = String(process.pid); pid && !ours.has(pid); ) {
    ours.add(pid);
    pid = processes.find((one) => one.pid === pid)?.ppid;
  }
  return processes
    .filter(
      ({ pid, ppid, args }) =>
        !ours.has(pid) && ppid !== String(process.pid) && !args.includes('reaper.mjs') && isOf(run, pid),
    )
    .map(({ pid, args }) => `${pid} ${args}`);
};
