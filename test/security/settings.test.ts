import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const requireCallers: (access: string, variables: Record<string, string>) => string =
  require('../../.deploy/callers.js').requireCallers;

const entry = `ci:write:${'0'.repeat(64)}`;

/** A start that comes to nothing: its exit code and what it says. */
const start = (variables: Record<string, string>) => {
  const data = join(tmpdir(), 'cyclic-metrics-never-made');
  const env = { PATH: process.env.PATH, DATA_DIR: data, PORT: '1', ...variables };
  const { status, stderr } = spawnSync(process.execPath, ['.build/start.js'], { env, encoding: 'utf8' });
  return { status, stderr };
};

test.each([
  [{ HOST: '0.0.0.0' }, 'set API_TOKENS'],
  [{ HOST: '0.0.0.0', API_TOKENS: '' }, 'set API_TOKENS'],
  [{ HOST: '0.0.0.0', API_TOKENS: ',' }, 'API_TOKENS: must have an entry'],
  [{ HOST: '0.0.0.0', API_TOKENS: 'secret' }, 'API_TOKENS: must be name:scope:hash'],
  [{ HOST: '0.0.0.0', API_TOKENS: `${entry},ci:admin:00` }, 'API_TOKENS: must be name:scope:hash'],
  [{ API_TOKENS: ' , ' }, 'API_TOKENS: must have an entry'],
  [{ CORS_ORIGINS: '*' }, 'CORS_ORIGINS: * is no origin'],
  [{ RATE_LIMIT: 'fast' }, 'RATE_LIMIT must be a number'],
])('a start with %j is refused: %s', (variables, why) => {
  expect(start(variables)).toEqual({ status: 1, stderr: expect.stringContaining(why) });
});

test.each([
  ['tokens', {}, 'set API_TOKENS'],
  ['tokens', { API_TOKENS: ',' }, 'set API_TOKENS'],
  ['tokens', { API_TOKENS: 'secret' }, '"secret" is no entry'],
  ['tokens', { API_TOKENS: `${entry},ci:admin:00` }, '"ci:admin:00" is no entry'],
  ['jwt', { JWT_ISSUER: '' }, 'set JWT_ISSUER'],
])('a deploy for callers with %s and %j is refused: %s', (access, variables, why) => {
  expect(() => requireCallers(access, variables)).toThrow(why);
});

test('a deploy with an entry of each kind is not refused', () => {
  expect(requireCallers('tokens', { API_TOKENS: `${entry},${entry},` })).toBe('tokens');
  expect(requireCallers('jwt', { JWT_ISSUER: 'https://issuer.example' })).toBe('jwt');
});
