import { createHash, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import { env, type Scope } from '../runtime/env';
import { Problem } from './problem';

/** What is looked at of a request to tell who sent it. */
export interface Caller {
  headers: Record<string, string | undefined>;
  requestContext?: Partial<APIGatewayProxyEventV2WithJWTAuthorizer['requestContext']>;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** What a bearer token allows. Every configured hash is compared, each in constant time. */
export const tokenScope = (authorization: string | undefined): Scope | undefined => {
  const hash = sha256(/^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? '');
  const [token] = env('API_TOKENS').filter((token) => timingSafeEqual(token.hash, hash));
  return token?.scope;
};

/** What the claims of a JWT allow that API Gateway has verified. */
const claimedScope = ({ requestContext }: Caller): Scope | undefined => {
  const { scope, scp } = requestContext?.authorizer?.jwt.claims ?? {};
  const words = String(scope ?? scp ?? '').split(/[\s,[\]]+/);
  return words.includes('write') ? 'write' : words.includes('read') ? 'read' : undefined;
};

/** Without tokens the service is open to its own machine, but not to web pages that its browsers happen to show. */
const localScope = ({ headers }: Caller): Scope | undefined => {
  if (env('API_TOKENS').length > 0) return tokenScope(headers.authorization);
  return headers['sec-fetch-site'] === 'cross-site' ? undefined : 'write';
};

const callerScope = (caller: Caller): Scope | undefined => {
  if (env('API_ACCESS') === 'local') return localScope(caller);
  return env('API_ACCESS') === 'jwt' ? claimedScope(caller) : tokenScope(caller.headers.authorization);
};

/** @throws Problem 401 for a caller who is not known, 403 for one who may only read */
export const requireScope = (caller: Caller, needed: Scope): void => {
  const scope = callerScope(caller);
  if (scope === undefined) {
    const error = caller.headers.authorization === undefined ? '' : ' error="invalid_token"';
    throw new Problem(401, 'send a valid token in a header: "authorization: Bearer <token>"', {
      headers: { 'www-authenticate': `Bearer${error}` },
    });
  }
  if (needed === 'write' && scope === 'read') {
    throw new Problem(403, 'this token may only read', {
      headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="write"' },
    });
  }
};
