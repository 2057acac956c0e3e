import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type DeployedFunction, functions } from '../../deploy/functions';

const written = readFileSync('.build/serverless.yml', 'utf8');
const local: Record<string, DeployedFunction> = parse(written).functions;

const scheduled = (all: Record<string, DeployedFunction>) =>
  Object.keys(all).filter((name) => all[name]?.events.some(({ schedule }) => schedule));

test('what AWS runs by the clock is not run by serverless-offline as well', () => {
  expect(scheduled(functions)).toEqual(['reconcile', 'watch', 'prune']);
  expect(scheduled(local)).toEqual([]);
});

test('serverless-offline has the endpoints, no function that is none, and needs no other file', () => {
  const endpoints = Object.keys(functions).filter((name) => functions[name]?.events.some((it) => it.httpApi));
  expect(endpoints).toContain('schedule');
  expect(endpoints).not.toContain('computeAccuracy');
  expect(Object.keys(local)).toEqual(endpoints);
  expect(written).not.toMatch(/\$\{file\(|self:custom\.stores/);
});
