import type { IncomingMessage } from 'node:http';
import { Problem } from '../../lib/http/problem';

/** What API Gateway answers for it, in its own words. */
export class RequestTooLong extends Error {}

/** Of an event that Lambda takes: the body is a JSON string in it, so that a quote in it is two bytes. */
const maxEventBytes = 6 * 1024 * 1024;

/** Beside headers and body, about. */
const eventBytes = 1000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Of a piece of a body in an event. */
const lengthInEvent = (chunk: Buffer): number => {
  let length = chunk.length;
  for (let at = 0; at < chunk.length; at++) {
    const byte = chunk[at] as number;
    if (byte === QUOTE || byte === BACKSLASH || byte < 0x20) length++;
  }
  return length;
};

/** A body that is held in memory until `release`. */
export interface Body {
  chunks: Buffer[];
  bytes: number;
  release: () => void;
}

/**
 * Reads bodies, all at once no more than `maxHeldBytes`. Where they want more, the one that was begun first, and still is
 * not all there, ends for it: bodies that never end keep nobody's out.
 */
export const bodyReader = (maxHeldBytes: number) => {
  const unfinished = new Map<Body, (error: Error) => void>();
  let held = 0;

  const makeRoom = (body: Body) => {
    const [oldest, end] = Array.from(unfinished).find(([it]) => it !== body) ?? [];
    const busy = new Problem(503, 'too much is being sent at the moment', {
      headers: { 'retry-after': '1' },
    });
    if (!oldest || !end) throw busy;
    oldest.release();
    end(busy);
  };

  const newBody = (): Body => {
    const body: Body = {
      chunks: [],
      bytes: 0,
      release: () => {
        unfinished.delete(body);
        held -= body.bytes;
        body.bytes = 0;
        body.chunks = [];
      },
    };
    return body;
  };

  const hold = (body: Body, chunk: Buffer) => {
    body.chunks.push(chunk);
    body.bytes += chunk.length;
    held += chunk.length;
    while (held > maxHeldBytes) makeRoom(body);
  };

  const receive = (request: IncomingMessage, body: Body, maxBytes: number) =>
    new Promise<void>((resolve, reject) => {
      let length = 0;
      unfinished.set(body, reject);
      request.on('data', (chunk: Buffer) => {
        if (!unfinished.has(body)) return;
        length += lengthInEvent(chunk);
        try {
          if (length > maxBytes) throw new RequestTooLong();
          hold(body, chunk);
        } catch (error) {
          body.release();
          reject(error);
        }
      });
      request.once('end', resolve).once('close', () => reject(new Error('the caller has gone')));
      request.once('error', reject);
    });

  /**
   * @param begin called before the first byte is read
   * @throws RequestTooLong, Problem 503
   */
  return async (request: IncomingMessage, begin: () => void): Promise<Body> => {
    const headBytes = eventBytes + JSON.stringify(request.headers).length + 2 * (request.url ?? '').length;
    const maxBytes = maxEventBytes - headBytes;
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw new RequestTooLong();
    const body = newBody();
    begin();
    try {
      await receive(request, body, maxBytes);
      unfinished.delete(body);
      return body;
    } catch (error) {
      body.release();
      throw error;
    }
  };
};
