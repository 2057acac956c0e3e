import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that Linux, macOS and Windows give to outgoing connections: none of those can take one of ours. */
const range = { first: 15_000, count: 15_000 };

/** A port of 127.0.0.1 that nobody listens on at the moment. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = range.first + randomInt(range.count);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') continue;
      throw error;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
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
