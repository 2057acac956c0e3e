import { execFileSync } from 'node:child_process';

const { processesOf } = require('./processesOf.cjs') as {
  processesOf: (run: string, folder: string) => string[];
};

/** The command lines of the processes of a test run that are still there, but for the one that asks and its parents. */
export const leftovers = (run: string, folder: string): string[] => {
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
  const ofRun = new Set(processesOf(run, folder));
  return processes
    .filter(({ pid, ppid }) => ofRun.has(pid) && !ours.has(pid) && ppid !== String(process.pid))
    .map(({ pid, args }) => `${pid} ${args}`);
};
