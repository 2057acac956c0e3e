import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** An HTTP server that notes what it gets and answers as it is told to. @param onPort where it was before */
export const openReceiver = async (onPort = 0) => {
  const received: Received[] = [];
  const behaviour: { answer: (response: ServerResponse) => void } = {
    answer: (response) => void response.writeHead(204).end(),
  };
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    received.push({ path: request.url ?? '', headers: request.headers, body });
    behaviour.answer(response);
  }).listen(onPort, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    answer: (answer: (response: ServerResponse) => void) => {
      behaviour.answer = answer;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

export type Receiver = Awaited<ReturnType<typeof openReceiver>>;

export const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end();
