import { execFileSync } from 'node:child_process';

/** The variables that a shell has after `. file`, without its own. */
export const readEnvFile = (file: string): Record<string, string> => {
  const printed = execFileSync('env', ['-i', '/bin/sh', '-ac', '. "$1" && env -0', 'sh', file], {
    encoding: 'utf8',
  });
  const entries = printed.split('\0').filter(Boolean);
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
};
