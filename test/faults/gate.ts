import { once } from 'node:events';
import { createServer, Socket } from 'node:net';

/** A way to a server that can be shut: bytes that meet the condition, and all after them, are held. */
export const openGate = async (to: URL) => {
  let holds = (_bytes: Buffer, _towards: 'server' | 'client') => false;
  let held = 0;
  let onHeld = () => {};
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = new Socket().connect(Number(to.port), to.hostname);
    let shut = false;
    const pass = (from: Socket, onto: Socket, towards: 'server' | 'client') =>
      from.on('data', (bytes) => {
        if (!shut && holds(bytes, towards)) {
          shut = true;
          held++;
          onHeld();
        }
        if (!shut) onto.write(bytes);
      });
    pass(client, upstream, 'server');
    pass(upstream, client, 'client');
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {}).on('close', () => other.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(to);
  url.port = String((server.address() as { port: number }).port);
  return {
    url,
    /** How many connections are held at the moment. */
    held: () => held,
    /** Resolves when a connection is held. */
    shutWhen: (condition: typeof holds) => {
      holds = condition;
      held = 0;
      return new Promise<void>((resolve) => {
        onHeld = resolve;
      });
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
};
