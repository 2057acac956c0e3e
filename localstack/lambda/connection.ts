import { connect } from 'node:net';

/** Names in lower case. */
export type Headers = Record<string, string | undefined>;

export interface Answer {
  headers: Headers;
  text: string;
}

const endOfHead = '\r\n\r\n';

const parseHead = (head: string): Headers => {
  const [, ...lines] = head.split('\r\n');
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
};

/**
 * HTTP/1.1 as far as the Runtime API needs it (every answer tells its Content-Length), on one connection. Requests of one
 * moment go in one message, and none waits for the answer to the one before: Node's own client cannot do that, and takes a
 * fifth of a run's time.
 * @param onClose called when the service closes the connection, or cannot be reached
 */
export const openConnection = (address: string, onClose: () => void) => {
  const { hostname, port } = new URL(`http://${address}`);
  const socket = connect(Number(port), hostname).setNoDelay().unref();
  const waiting: ((answer: Answer) => void)[] = [];
  let received: Buffer = Buffer.alloc(0);
  let toSend = '';

  const take = (): Answer | undefined => {
    const end = received.indexOf(endOfHead);
    if (end < 0) return undefined;
    const headers = parseHead(received.toString('latin1', 0, end));
    const from = end + endOfHead.length;
    const to = from + Number(headers['content-length']);
    if (received.length < to) return undefined;
    const text = received.toString('utf8', from, to);
    received = received.subarray(to);
    return { headers, text };
  };

  const flush = () => {
    socket.ref().write(toSend);
    toSend = '';
  };

  socket.on('data', (chunk: Buffer) => {
    received = received.length > 0 ? Buffer.concat([received, chunk]) : chunk;
    for (let answer = take(); answer; answer = take()) waiting.shift()?.(answer);
    if (waiting.length === 0) socket.unref(); // what the function does is what keeps the process
  });
  socket.on('error', () => {});
  socket.once('close', onClose);

  return {
    send: (method: string, path: string, body = '', headers: Record<string, string> = {}) =>
      new Promise<Answer>((answered) => {
        waiting.push(answered);
        if (!toSend) process.nextTick(flush);
        const lines = Object.entries({
          Host: address,
          ...headers,
          'Content-Length': Buffer.byteLength(body),
        });
        toSend += `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
      }),
  };
};
