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
  const unfinished = new Map<IncomingMessage, (error: Error) => void>();
  let held = 0;

  const makeRoom = (request: IncomingMessage) => {
    const [oldest, end] = Array.from(unfinished).find(([it]) => it !== request) ?? [];
    const busy = new Problem(503, 'too much is being sent at the moment', {
      headers: { 'retry-after': '1' },
    });
    if (oldest && end) end(busy);
    else throw busy;
  };

  /** @throws RequestTooLong, Problem 503 */
  return async (request: IncomingMessage): Promise<Body> => {
    const headerBytes = eventBytes + JSON.stringify(request.headers).length + 2 * (request.url ?? '').length;
    if (Number(request.headers['content-length'] ?? 0) + headerBytes > maxEventBytes)
      throw new RequestTooLong();
    const body: Body = {
      chunks: [],
      bytes: 0,
      release: () => {
        held -= body.bytes;
        body.bytes = 0;
        body.chunks = [];
      },
    };
    let length = headerBytes;
    const take = (chunk: Buffer) => {
      length += lengthInEvent(chunk);
      if (length > maxEventBytes) throw new RequestTooLong();
      body.chunks.push(chunk);
      body.bytes += chunk.length;
      held += chunk.length;
      while (held > maxHeldBytes) makeRoom(request);
    };
    try {
      await new Promise<void>((resolve, reject) => {
        unfinished.set(request, reject);
        request.on('data', (chunk: Buffer) => {
          try {
            take(chunk);
          } catch (error) {
            reject(error);
          }
        });
        request
          .once('end', resolve)
          .once('error', reject)
          .once('close', () => reject(new Error('gone')));
      });
      return body;
    } catch (error) {
      request.removeAllListeners('data');
      body.release();
      throw error;
    } finally {
      unfinished.delete(request);
    }
  };
};
