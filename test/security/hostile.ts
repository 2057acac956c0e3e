import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One caller's way to spoil a service for the others, until it is stopped. */
export type Load = (url: URL, headers: Record<string, string>) => () => void;

const head = (url: URL, headers: Record<string, string>, length: number) =>
  [
    `POST /predictions/00000000-0000-4000-8000-0000000000bb HTTP/1.1`,
    `host: ${url.host}`,
    'content-type: application/json',
    `content-length: ${length}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '\r\n',
  ].join('\r\n');

const open = (url: URL, begin: (socket: Socket) => void): Socket => {
  const socket = connect(Number(url.port), url.hostname);
  socket.on('error', () => {}).on('data', () => {});
  socket.once('connect', () => begin(socket));
  return socket;
};

/** `parallel` callers that send the same body again and again. */
const repeating =
  (body: string, parallel: number): Load =>
  (url, headers) => {
    let stopped = false;
    const bytes = Buffer.from(body);
    const send = () =>
      new Promise<void>((done) => {
        const sent = request(new URL('/predictions/00000000-0000-4000-8000-0000000000bb', url), {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json', 'content-length': bytes.length },
        });
        sent.on('response', (response) => response.resume().on('close', done));
        sent.on('error', () => sleep(5).then(done));
        sent.end(bytes);
      });
    const again = async () => {
      while (!stopped) await send();
    };
    for (let n = 0; n < parallel; n++) again();
    return () => {
      stopped = true;
    };
  };

/** Connections that are kept open, each begun with some bytes and then fed one by one. */
const dripping =
  (connections: number, begin: (url: URL, headers: Record<string, string>) => string): Load =>
  (url, headers) => {
    const text = begin(url, headers);
    const sockets = new Set<Socket>();
    const add = () => {
      const socket = open(url, (it) => it.write(text));
      sockets.add(socket);
      socket.once('close', () => {
        sockets.delete(socket);
        if (timer) setTimeout(() => timer && add(), 50);
      });
    };
    let timer: NodeJS.Timeout | undefined = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write(' ');
    }, 500);
    for (let n = 0; n < connections; n++) add();
    return () => {
      clearInterval(timer);
      timer = undefined;
      for (const socket of sockets) socket.destroy();
    };
  };

/** Connections that ask for a page again as soon as they have it. */
const asking =
  (connections: number): Load =>
  (url, headers) => {
    let stopped = false;
    const lines = [`GET /schedule HTTP/1.1`, `host: ${url.host}`];
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    const text = [...lines, '\r\n'].join('\r\n');
    const sockets = Array.from({ length: connections }, () => {
      const socket = open(url, (it) => it.write(text));
      socket.on('data', (chunk) => {
        if (!stopped && chunk.includes('HTTP/1.1')) socket.write(text);
      });
      return socket;
    });
    return () => {
      stopped = true;
      for (const socket of sockets) socket.destroy();
    };
  };

const lists = (bytes: number) => `{"y_true":[${'[],'.repeat(bytes / 3)}[]]}`;
const numbers = (bytes: number) => `{"y_true":[${'0,'.repeat(bytes / 2)}0]}`;
const members = (count: number) =>
  `{${Array.from({ length: count }, (_, n) => `"${n.toString(36)}":0`).join()},"":0}`;

export const loads: Record<string, () => Load> = {
  none: () => () => () => {},
  'bodies of 9.6 MB of empty lists': () => repeating(lists(9_600_000), 4),
  'bodies of 6 MB of empty lists': () => repeating(lists(6_000_000), 4),
  'bodies of 6 MB of numbers': () => repeating(numbers(6_000_000), 4),
  'an object of 500,000 members': () => repeating(members(500_000), 4),
  'a body that nests a million deep': () => repeating('['.repeat(1_000_000), 4),
  '1,000 bodies that drip': () => dripping(1000, (url, headers) => `${head(url, headers, 1_000_000)}{`),
  '50 bodies of 6 MB without an end': () =>
    dripping(50, (url, headers) => `${head(url, headers, 6_200_000)}${'0'.repeat(6_000_000)}`),
  '1,000 connections that begin a head': () => dripping(1000, () => 'GET / HTTP/1.1\r\nx: '),
  '1,000 connections that ask without rest': () => asking(1000),
};

/** How long another caller waits for each of some answers, in milliseconds, sorted; Infinity for none or an error. */
export const waits = async (url: URL, headers: Record<string, string>, count: number): Promise<number[]> => {
  const all: number[] = [];
  for (let n = 0; n < count; n++) {
    const from = performance.now();
    const answer = await fetch(new URL('/schedule?limit=1', url), {
      headers,
      signal: AbortSignal.timeout(10_000),
    }).catch(() => undefined);
    await answer?.text();
    all.push(answer?.ok ? performance.now() - from : Number.POSITIVE_INFINITY);
    await sleep(50);
  }
  return all.sort((a, b) => a - b);
};
