import { readFileSync } from 'node:fs';
import { type DeployedFunction, functions } from '../../deploy/functions';

const written = readFileSync('.build/service.json', 'utf8');
const local: Record<string, DeployedFunction> = JSON.parse(written).functions;

const names = Object.keys(functions);
const routesOf = (all: Record<string, DeployedFunction>, name: string) =>
  all[name]?.events.map(({ httpApi }) =>
    typeof httpApi === 'object' ? `${httpApi.method} ${httpApi.path}` : httpApi,
  );

test('what AWS runs by the clock is not run by serverless-offline as well', () => {
  const scheduled = names.filter((name) => functions[name]?.events.some(({ schedule }) => schedule));
  expect(scheduled).toEqual(['reconcile', 'watch', 'prune']);
  expect(Object.keys(local).filter((name) => scheduled.includes(name))).toEqual([]);
  expect(written).not.toContain('"schedule": "');
});

test('serverless-offline has the endpoints with the routes that AWS gives them, and no function that is none', () => {
  const endpoints = names.filter((name) => functions[name]?.events.some((it) => it.httpApi));
  expect(endpoints).toContain('schedule');
  expect(endpoints).not.toContain('computeAccuracy');
  expect(Object.keys(local)).toEqual(endpoints);
  for (const name of endpoints) expect(routesOf(local, name)).toEqual(routesOf(functions, name));
});

test('its functions have every variable that AWS gives them; only those of the environment are filled at the start', () => {
  for (const [name, { environment = {} }] of Object.entries(local)) {
    expect(Object.keys(environment)).toEqual(Object.keys(functions[name]?.environment ?? {}));
  }
  expect(written).not.toMatch(/\$\{(?!env:\w+, )|undefined|\[object/);
});
