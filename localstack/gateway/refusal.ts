import type { IncomingMessage, ServerResponse } from 'node:http';
import { problemOf } from '../../lib/http/problem';
import { RequestTooLong } from './body';

/** A caller who still sends gets this long to read the answer. */
const lingerMs = 1000;

const answerOf = (error: unknown) => {
  if (error instanceof RequestTooLong) {
    return { status: 413, type: 'application/json', headers: {}, body: { message: 'Request Too Long' } };
  }
  const problem = problemOf(error);
  if (problem.status === 500) console.error(error);
  const { status, headers } = problem;
  return { status, type: 'application/problem+json', headers, body: problem };
};

const hasBody = ({ headers }: IncomingMessage) =>
  'transfer-encoding' in headers || (headers['content-length'] ?? '0') !== '0';

/** Answers for what was thrown. What is still to come of the body is not read: it would cost us as much as the sender. */
export const refuse = (request: IncomingMessage, response: ServerResponse, error: unknown): void => {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { status, type, headers, body } = answerOf(error);
  const text = JSON.stringify(body);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('content-type', type).setHeader('cache-control', 'no-store');
  response.setHeader('content-length', Buffer.byteLength(text));
  if (request.complete || !hasBody(request)) {
    response.writeHead(status).end(text);
    return;
  }
  request.pause();
  response.setHeader('connection', 'close').writeHead(status).write(text); // at its end Node would read on
  setTimeout(() => request.destroy(), lingerMs).unref();
};
