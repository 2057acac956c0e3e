import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Resolves to host:port once the server accepts connections: the loopback address when it listens on all. */
export const listen = (server: Server, host: string, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 4096 }, () => {
      server.off('error', reject);
      const { address, family, port } = server.address() as AddressInfo;
      const reachable = { '0.0.0.0': '127.0.0.1', '::': '127.0.0.1' }[address] ?? address;
      resolve(`${family === 'IPv6' && reachable === address ? `[${address}]` : reachable}:${port}`);
    });
  });

export const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
