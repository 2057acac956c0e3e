import { execFileSync } from 'node:child_process';
import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { handler as authorize } from '../../functions/authorize';
import { openapi } from '../../functions/openapi';
import { authOf, type Caller } from '../../lib/http/auth';
import { httpHandler } from '../../lib/http/handler';
import { routes } from '../../lib/http/routes';
import { env, type Scope } from '../../lib/runtime/env';
import { bodyOf, eventOf } from './event';

/** What `npm run token` prints. */
const makeToken = (name: string, scope: Scope) => {
  const printed = execFileSync(process.execPath, ['lib/http/makeToken.mjs', name, scope], {
    encoding: 'utf8',
  });
  const [token, entry] = Array.from(printed.matchAll(/^ {2}(\S+)$/gm), ([, line]) => line) as [
    string,
    string,
  ];
  return { token, entry };
};

const writer = makeToken('writer', 'write');
const reader = makeToken('reader', 'read');
const former = makeToken('former', 'write');

/** A handler keeps what it finds at its first request: those below find the tokens `writer` and `reader`. */
const configure = (access: string, tokens: { entry: string }[] = []) => {
  process.env.API_ACCESS = access;
  process.env.API_TOKENS = tokens.map(({ entry }) => entry).join(',');
};

const refusal = (caller: Caller, scope: Scope) => {
  try {
    authOf({ access: env('API_ACCESS'), tokens: env('API_TOKENS') }).requireScope(caller, scope);
    return undefined;
  } catch (error) {
    return error;
  }
};

const bearer = (token: string): Caller => ({ headers: { authorization: `Bearer ${token}` } });

describe('with tokens', () => {
  beforeEach(() => configure('tokens', [writer, reader]));

  test('a write token may write and read, a read token may only read', () => {
    expect(refusal(bearer(writer.token), 'write')).toBeUndefined();
    expect(refusal(bearer(writer.token), 'read')).toBeUndefined();
    expect(refusal(bearer(reader.token), 'read')).toBeUndefined();
    expect(refusal(bearer(reader.token), 'write')).toMatchObject({
      status: 403,
      headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="write"' },
    });
  });

  test.each([
    ['no token', {}],
    ['an unknown token', { authorization: `Bearer ${former.token}` }],
    ['a part of one', { authorization: `Bearer ${writer.token.slice(0, -1)}` }],
    ['its hash', { authorization: `Bearer ${writer.entry.split(':')[2]}` }],
    ['another scheme', { authorization: `Basic ${writer.token}` }],
    ['nothing', { authorization: '' }],
  ])('%s is 401', (_, headers) => {
    expect(refusal({ headers }, 'read')).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': expect.stringMatching(/^Bearer/) },
    });
  });

  test('the scheme may be in any case', () => {
    expect(refusal({ headers: { authorization: `bearer ${writer.token}` } }, 'write')).toBeUndefined();
  });

  test('a token that is rotated lives beside its successor until it is taken out', () => {
    configure('tokens', [former, writer]);
    expect(refusal(bearer(former.token), 'write')).toBeUndefined();
    configure('tokens', [writer]);
    expect(refusal(bearer(former.token), 'write')).toMatchObject({ status: 401 });
  });

  test('none configured lets nobody in, and a list that cannot be read neither', async () => {
    configure('tokens');
    expect(refusal(bearer(''), 'read')).toMatchObject({ status: 401 });
    expect(refusal({ headers: {} }, 'read')).toMatchObject({ status: 401 });
    process.env.API_TOKENS = 'writer:admin:00';
    expect(refusal(bearer(writer.token), 'read')).toBeInstanceOf(Error);
  });

  test("the gateway's authorizer lets known tokens through, whatever their scope", async () => {
    const asked = async (headers: Record<string, string>) =>
      (await authorize({ headers } as unknown as APIGatewayRequestAuthorizerEventV2)).isAuthorized;
    expect(await asked({ authorization: `Bearer ${reader.token}` })).toBe(true);
    expect(await asked({ authorization: `Bearer ${former.token}` })).toBe(false);
    expect(await asked({})).toBe(false);
  });

  test.each(routes.map((route) => [route.name, route] as const))(
    '%s asks for its scope first',
    async (_, route) => {
      const answer = await httpHandler(route, async () => async () => ({ status: 204 as const }))(
        eventOf({ headers: { 'sls-offline-authorizer-override': '{}' } }),
      );
      expect(answer.statusCode === 401).toBe(route.scope !== undefined);
      if (route.scope) expect(bodyOf(answer)).toMatchObject({ title: 'Unauthorized', status: 401 });
    },
  );
});

describe('with the JWTs of an issuer', () => {
  beforeEach(() => configure('jwt'));

  const claiming = (claims: Record<string, string>) =>
    ({ headers: {}, requestContext: { authorizer: { jwt: { claims, scopes: [] } } } }) as unknown as Caller;

  test.each([
    [{ scope: 'openid write' }, 'write'],
    [{ scope: 'read' }, 'read'],
    [{ scp: '[read write]' }, 'write'],
  ] as const)('%j allows %s', (claims, scope) => {
    expect(refusal(claiming(claims), scope)).toBeUndefined();
  });

  test('what the gateway has not verified is nobody', () => {
    expect(refusal({ headers: {} }, 'read')).toMatchObject({ status: 401 });
    expect(refusal(claiming({ scope: 'profile' }), 'read')).toMatchObject({ status: 401 });
    expect(refusal(claiming({ scope: 'read' }), 'write')).toMatchObject({ status: 403 });
  });
});

describe('on this machine', () => {
  test('without tokens everybody may do everything', () => {
    configure('local');
    expect(refusal({ headers: {} }, 'write')).toBeUndefined();
  });

  test('with tokens it is as anywhere', () => {
    configure('local', [reader]);
    expect(refusal({ headers: {} }, 'read')).toMatchObject({ status: 401 });
    expect(refusal(bearer(reader.token), 'write')).toMatchObject({ status: 403 });
  });
});

test('the document names the token, and the calls that need none', async () => {
  const { body } = await openapi()();
  const paths = body.paths as Record<string, Record<string, { security: unknown[] }>>;
  expect(paths['/health']?.get?.security).toEqual([]);
  expect(paths['/schedule']?.post?.security).toEqual([{ token: [] }]);
});
