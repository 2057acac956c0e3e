import type { IncomingMessage, ServerResponse } from 'node:http';
import { matches, notFound } from '../../functions/notFound';
import { authOf } from '../../lib/http/auth';
import { routes } from '../../lib/http/routes';
import type { Scope } from '../../lib/runtime/env';
import { bodyReader } from './body';
import { fairQueue } from './fairQueue';
import { requireOurHost } from './hosts';
import { admitOrigin, requireAskedType } from './origins';
import { proxyTo } from './proxy';
import { rateLimit } from './rateLimit';
import { refuse } from './refusal';
import type { Settings } from './settings';

/** Of bodies, at once. */
const maxHeldBytes = 32 * 1024 * 1024;

/** Longer bodies go to the functions one at a time, with a pause: each may take as long as a hundred other requests. */
const longBody = { bytes: 256 * 1024, pauseMs: 25 };

const safe = ['GET', 'HEAD', 'OPTIONS'];

/** What a call with a body needs: some only ask. */
const scopeOf = (method: string, path: string): Scope =>
  routes.find((route) => route.method === method.toLowerCase() && matches(route.path, path))?.scope ??
  'write';

/** The path as API Gateway matches it: escapes decoded, but for what no path can have. */
const normalPath = (url: string): { path: string; query: string; decoded: string } => {
  const at = url.indexOf('?');
  const path = at < 0 ? url : url.slice(0, at);
  const query = at < 0 ? '' : url.slice(at);
  try {
    const decoded = decodeURIComponent(path);
    return {
      path: decoded.split('/').length === path.split('/').length ? encodeURI(decoded) : path,
      query,
      decoded,
    };
  } catch {
    return { path, query, decoded: path };
  }
};

/**
 * Where serverless-offline would not do as API Gateway: it answers HEAD as if it were GET, and tells functions the path
 * as it was sent. A POST that no route takes is told so, whatever its type.
 * @throws Problem 404 or 405, as function notFound does
 */
const requireRoute = (method: string, sent: string, decoded: string) => {
  if (method !== 'HEAD' && method !== 'POST' && sent === decoded) return;
  const problem = notFound(method, decoded);
  const taken = problem.headers.allow?.split(', ').includes(method);
  if (!taken) throw problem;
};

/** Decides about a request before anything of its body is read, and hands what may pass to serverless-offline. */
export const gatewayHandler = (settings: Settings, socketPath: string) => {
  const auth = authOf({ access: 'local', tokens: settings.tokens });
  const limitRate = rateLimit(settings.rateLimit);
  const readBody = bodyReader(maxHeldBytes);
  const forward = proxyTo(socketPath);
  const inTurn = fairQueue(16);
  const alone = fairQueue(1, longBody.pauseMs);
  const strangers = {};

  /** The holder of a token is one caller, however many connections it opens. */
  const callerOf = ({ headers, socket }: IncomingMessage): object => {
    if (settings.tokens.length === 0) return socket;
    return auth.tokenOf(headers.authorization) ?? strangers;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '' } = request;
    requireOurHost(request, settings.hosts);
    if (admitOrigin(request, response, settings.corsOrigins)) return void response.writeHead(204).end();
    const caller = callerOf(request);
    limitRate(settings.tokens.length === 0 ? strangers : caller);
    const { path, query, decoded } = normalPath(url);
    const hasBody = !safe.includes(method);
    if (hasBody)
      auth.requireScope({ headers: request.headers as Record<string, string> }, scopeOf(method, decoded));
    requireRoute(method, path, decoded);
    requireAskedType(request);
    if (!hasBody) return inTurn(caller, () => forward(path + query, request, response, [], 0));
    const body = await readBody(request, () => {
      if (request.headers.expect) response.writeContinue();
    });
    const pass = () =>
      inTurn(caller, () => forward(path + query, request, response, body.chunks, body.bytes)).finally(
        body.release,
      );
    await (body.bytes > longBody.bytes ? alone(caller, pass) : pass());
  };

  return (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch((error) => refuse(request, response, error));
  };
};
