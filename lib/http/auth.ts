import { createHash, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import { env, type Scope, type Token } from '../runtime/env';
import { lazy } from '../runtime/lazy';
import { Problem } from './problem';

/** What is looked at of a request to tell who sent it. */
export interface Caller {
  headers: Record<string, string | undefined>;
  requestContext?: Partial<APIGatewayProxyEventV2WithJWTAuthorizer['requestContext']>;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest();

export interface AuthSettings {
  /** Holders of tokens, of JWTs that API Gateway verified, or `local`: everybody if there are no tokens. */
  access: 'tokens' | 'jwt' | 'local';
  tokens: Token[];
}

/** What the claims of a JWT allow that API Gateway has verified. */
const claimedScope = ({ requestContext }: Caller): Scope | undefined => {
  const { scope, scp } = requestContext?.authorizer?.jwt.claims ?? {};
  const words = String(scope ?? scp ?? '').split(/[\s,[\]]+/);
  return words.includes('write') ? 'write' : words.includes('read') ? 'read' : undefined;
};

/** Who may do what. */
export const authOf = ({ access, tokens }: AuthSettings) => {
  /** Which token a header bears. Every hash is compared, each in constant time. */
  const tokenOf = (authorization: string | undefined): Token | undefined => {
    const hash = sha256(/^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? '');
    const [token] = tokens.filter((token) => timingSafeEqual(token.hash, hash));
    return token;
  };

  const scopeOf = (caller: Caller): Scope | undefined => {
    if (access === 'local' && tokens.length === 0) return 'write';
    return access === 'jwt' ? claimedScope(caller) : tokenOf(caller.headers.authorization)?.scope;
  };

  /** Who calls, for the record: the name of a token, or what a JWT says; `local` where nobody has to say. */
  const nameOf = (caller: Caller): string => {
    const { client_id, sub } = caller.requestContext?.authorizer?.jwt?.claims ?? {};
    const claimed = access === 'jwt' ? (sub ?? client_id) : tokenOf(caller.headers.authorization)?.name;
    return String(claimed ?? access).slice(0, 200);
  };

  return {
    tokenOf,
    nameOf,
    /** What a caller may do; undefined for a stranger. */
    scopeOf,
    /** @throws Problem 401 for a caller who is not known, 403 for one who may only read */
    requireScope: (caller: Caller, needed: Scope): void => {
      const scope = scopeOf(caller);
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
    },
  };
};

/** Read once per environment. @throws Error that names a variable that cannot be read */
export const auth = lazy(async () => authOf({ access: env('API_ACCESS'), tokens: env('API_TOKENS') }));
