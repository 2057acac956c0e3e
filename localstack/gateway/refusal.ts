import type { IncomingMessage, ServerResponse } from 'node:http';
import { problemResponse } from '../../lib/http/response';
import { RequestTooLong } from './body';

/** What a caller may still send of a body that is refused, so that it gets to read the answer. */
const wasted = { bytes: 16 * 1024 * 1024, ms: 5000 };

const answerOf = (error: unknown) =>
  error instanceof RequestTooLong
    ? {
        statusCode: 413,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message: 'Request Too Long' }),
      }
    : problemResponse(error);

const throwAway = (request: IncomingMessage) => {
  if (request.complete) return;
  let bytes = 0;
  const end = () => request.destroy();
  const timer = setTimeout(end, wasted.ms);
  request.once('close', () => clearTimeout(timer));
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > wasted.bytes) end();
  });
};

export const refuse = (request: IncomingMessage, response: ServerResponse, error: unknown): void => {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { statusCode = 500, headers = {}, body = '' } = answerOf(error);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
  response.writeHead(statusCode, { 'content-length': Buffer.byteLength(body) }).end(body);
  throwAway(request);
};
