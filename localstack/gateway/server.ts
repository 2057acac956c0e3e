import { createServer, type RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { listen } from '../lambda/listen';

/** A caller has this long to send the head of a request, and the request. */
const patience = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 1000 };

/** Fewer than the files that a process may open. */
const maxConnections = 2000;

/** The connections in the order of their last request; where there are too many, the first of them has to go. */
const limitConnections = () => {
  const idle = new Set<Socket>();
  return {
    add: (socket: Socket) => {
      idle.add(socket);
      socket.once('close', () => idle.delete(socket));
      if (idle.size <= maxConnections) return;
      const [oldest] = idle;
      oldest?.destroy();
    },
    use: (socket: Socket) => {
      if (idle.delete(socket)) idle.add(socket);
    },
  };
};

/** Resolves to the server once it accepts connections. */
export const startServer = async (host: string, port: number, handler: RequestListener) => {
  const server = createServer({ ...patience, keepAliveTimeout: 60_000 });
  const connections = limitConnections();
  server.on('connection', connections.add);
  for (const event of ['request', 'checkContinue'] as const) {
    server.on(event, (request, response) => {
      connections.use(request.socket);
      handler(request, response);
    });
  }
  server.setTimeout(65_000); // nobody reads, or writes, or waits longer for a function
  await listen(server, host, port);
  return server;
};
