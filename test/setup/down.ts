import { setTimeout as sleep } from 'node:timers/promises';
import { leftovers } from './leftovers';

/** @throws Error when a test has left a process behind */
export default async () => {
  const { run, folder, children, endReaper } = globalThis.testServers;
  await Promise.all(children.map((child) => child.stop()));
  let left = leftovers(run, folder);
  for (let tries = 0; left.length > 0 && tries < 50; tries++) {
    await sleep(100); // what was told to end is ending
    left = leftovers(run, folder);
  }
  endReaper();
  if (left.length > 0) throw new Error(`tests left processes behind:\n${left.join('\n')}`);
};
