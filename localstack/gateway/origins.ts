import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '../../lib/http/problem';

const {
  allowed,
}: {
  allowed: Record<'methods' | 'headers' | 'exposed', string[]> & { seconds: number };
} = require('../../.deploy/cors.js');

const ofPreflight = {
  'access-control-allow-methods': allowed.methods.join(', '),
  'access-control-allow-headers': allowed.headers.join(', '),
  'access-control-max-age': String(allowed.seconds),
};

/** The address bar, a bookmark, or a link on another page: the answer is shown, and the other page cannot read it. */
const opensPage = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';

/** Whether the browser says that a page of another site, or of another port, asks. @param host one of ours */
const fromElsewhere = (request: IncomingMessage, host: string): boolean => {
  const { origin, 'sec-fetch-site': site = 'none' } = request.headers;
  if (origin !== undefined) return origin !== `http://${host}` && origin !== `https://${host}`;
  return site !== 'none' && site !== 'same-origin' && !opensPage(request);
};

/**
 * Sets the headers by which a page of a listed origin may read the answer; no other page gets any.
 * @returns whether this was a preflight request, and all that it wanted
 * @throws Problem 403 for what the page of another origin sends
 */
export const admitOrigin = (
  request: IncomingMessage,
  response: ServerResponse,
  corsOrigins: ReadonlySet<string>,
): boolean => {
  const { origin, host = '' } = request.headers;
  if (corsOrigins.size > 0) response.setHeader('vary', 'origin');
  if (!fromElsewhere(request, host.toLowerCase())) return false;
  if (origin === undefined || !corsOrigins.has(origin)) {
    throw new Problem(403, `pages of ${origin ?? 'other sites'} may not call this service: see CORS_ORIGINS`);
  }
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', allowed.exposed.join(', '));
  if (request.method !== 'OPTIONS' || !request.headers['access-control-request-method']) return false;
  for (const [name, value] of Object.entries(ofPreflight)) response.setHeader(name, value);
  return true;
};

const simpleTypes = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''];

/**
 * A page of another site may POST these types without asking first, and an old browser sends no Origin along. All other
 * methods that change something are asked for.
 * @throws Problem 415
 */
export const requireAskedType = ({ method, headers }: IncomingMessage): void => {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (method !== 'POST' || !simpleTypes.includes(type)) return;
  throw new Problem(415, 'send content-type: application/json');
};
