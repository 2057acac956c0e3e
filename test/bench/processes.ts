import { readdirSync, readFileSync } from 'node:fs';

interface Process {
  pid: number;
  parent: number;
  command: string;
  /** User and system time. */
  cpuMs: number;
  /** The same of its children that have ended. */
  endedMs: number;
}

const tickMs = 10;

const read = (pid: number): Process | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    const ms = (field: number) => ((fields[field] ?? 0) + (fields[field + 1] ?? 0)) * tickMs;
    return { pid, parent: fields[1] ?? 0, command, cpuMs: ms(11), endedMs: ms(13) };
  } catch {
    return undefined;
  }
};

/** A process and all below it. Linux only. */
export const treeOf = (root: number): Process[] => {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (read(Number(name)) ?? []) : []));
  const tree = new Set([root]);
  for (let size = 0; size < tree.size; ) {
    size = tree.size;
    for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid);
  }
  return all.filter(({ pid }) => tree.has(pid));
};

const roles: [string, RegExp][] = [
  ['PostgreSQL', /postgres/],
  ['Redis', /redis-server|valkey-server/],
  ['serverless-offline', /serverless/],
  ['environments', /runtimeClient/],
  ['clock', /clockProcess/],
  ['clock and Lambda service', /start\.js/],
];

export const roleOf = ({ command }: Process) =>
  roles.find(([, pattern]) => pattern.test(command))?.[0] ?? 'other';

export const stores = ['PostgreSQL', 'Redis'];

/** What has ended below a process: PostgreSQL's own, and environments below whoever starts them. */
const roleOfEnded = (one: Process) => (stores.includes(roleOf(one)) ? roleOf(one) : 'environments');

const sum = (parts: [role: string, value: number][]) => {
  const sums: Record<string, number> = {};
  for (const [role, value] of parts) sums[role] = (sums[role] ?? 0) + value;
  return sums;
};

export const cpuMsByRole = (root: number) =>
  sum(
    treeOf(root).flatMap((one) => [
      [roleOf(one), one.cpuMs],
      [roleOfEnded(one), one.endedMs],
    ]),
  );

const pssMb = ({ pid }: Process) => {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
};

export const pssMbByRole = (root: number) => sum(treeOf(root).map((one) => [roleOf(one), pssMb(one)]));

/** Of what is ours: everything but the stores. */
export const withoutStores = (byRole: Record<string, number>) =>
  Object.entries(byRole).reduce((sum, [role, value]) => (stores.includes(role) ? sum : sum + value), 0);

export const difference = (after: Record<string, number>, before: Record<string, number>) =>
  Object.fromEntries(Object.entries(after).map(([role, value]) => [role, value - (before[role] ?? 0)]));
