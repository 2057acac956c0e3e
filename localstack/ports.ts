import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of 127.0.0.1 that nobody listens on at the moment. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
};

/** @throws Error that says what to do about a port that somebody has */
export const requireFree = async (port: number, host: string): Promise<void> => {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch {
    throw new Error(
      `port ${port} of ${host} is taken: stop the program that has it, or choose another: PORT=5001 npm start`,
    );
  }
  server.close();
  await once(server, 'close');
};
