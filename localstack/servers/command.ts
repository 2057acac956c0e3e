import { execFileSync } from 'node:child_process';

/** The command line of a process; empty if there is none. Tells whether a pid file speaks of what runs now. */
export const commandOf = (pid: number): string => {
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
};
