import { rm } from 'node:fs/promises';

export default async () => {
  const { folder, children } = globalThis.testServers;
  await Promise.all(children.map((child) => child.stop()));
  await rm(folder, { recursive: true });
};
