import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Refusal {
  status: number;
  /** The exception that the SDK raises. */
  type: string;
  message: string;
}

interface Asked {
  method: string;
  path: string;
  body: string;
}

/** A service of AWS behind a door that answers some requests by itself. */
export const openRefusing = async (to: string) => {
  const asked: Asked[] = [];
  let refuse = (_: Asked): Refusal | undefined => undefined;
  const server = createServer(async (incoming, response) => {
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, body: Buffer.concat(await incoming.toArray()).toString() };
    asked.push(request);
    const refusal = refuse(request);
    response.setHeader('content-type', 'application/json');
    if (refusal) {
      response.writeHead(refusal.status, { 'x-amzn-errortype': refusal.type });
      return response.end(JSON.stringify({ Message: refusal.message }));
    }
    const passed = await fetch(to + path, {
      method,
      headers: { 'content-type': headers['content-type'] ?? 'application/json' },
      ...(request.body && { body: request.body }),
    });
    for (const name of ['x-amzn-errortype', 'x-amzn-requestid']) {
      const value = passed.headers.get(name);
      if (value) response.setHeader(name, value);
    }
    response.writeHead(passed.status);
    return response.end(await passed.text());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Every request that came, refused ones too. */
    asked,
    refuseWhen: (condition: typeof refuse) => {
      refuse = condition;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
