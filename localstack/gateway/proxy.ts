import { Agent, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { Problem } from '../../lib/http/problem';

/** Of one connection, or of browsers only, or understood by serverless-offline only: not for the functions. */
const dropped =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|origin|content-length|sec-fetch-.*|sls-.*)$/i;

/**
 * serverless-offline parses what is called JSON, and writes it anew. What is called binary reaches a function as it came,
 * and hapi goes by the first of two such headers, the function's event by the last.
 */
const untouched = ['content-type', 'application/octet-stream'];

const forwarded = (rawHeaders: string[], bodyBytes: number): string[] => {
  const headers = bodyBytes > 0 ? [...untouched, 'content-length', String(bodyBytes)] : [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name, value] = rawHeaders.slice(at, at + 2) as [string, string];
    if (!dropped.test(name)) headers.push(name.toLowerCase(), value);
  }
  return headers;
};

const unavailable = () =>
  new Problem(503, 'the service is starting anew, try again soon', { headers: { 'retry-after': '1' } });

/** To serverless-offline at a Unix socket. */
export const proxyTo = (socketPath: string) => {
  const agent = new Agent({ keepAlive: true });

  /** Resolves when the answer is complete, be it read or not: a caller who does not read holds up nobody. */
  return (
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
    chunks: Buffer[],
    bytes: number,
  ) =>
    new Promise<void>((resolve, reject) => {
      const upstream = send({
        socketPath,
        agent,
        method: request.method,
        path,
        headers: forwarded(request.rawHeaders, bytes),
      });
      upstream.once('error', () => (response.headersSent ? resolve() : reject(unavailable())));
      upstream.once('response', (answer) => {
        for (const [name, value] of Object.entries(answer.headers)) {
          if (value !== undefined && !/^(connection|keep-alive|transfer-encoding)$/.test(name)) {
            response.setHeader(
              name,
              name === 'vary' ? [response.getHeader('vary') ?? [], value].flat().join(', ') : value,
            );
          }
        }
        response.writeHead(answer.statusCode as number);
        answer.on('data', (chunk: Buffer) => response.write(chunk));
        answer.once('end', () => response.end()).once('close', resolve);
      });
      for (const chunk of chunks) upstream.write(chunk);
      upstream.end();
    });
};
