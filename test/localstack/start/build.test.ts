import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Service {
  functions: Record<string, { events?: Record<string, unknown>[] }>;
}

const scheduled = (file: string) => {
  const { functions } = parse(readFileSync(file, 'utf8')) as Service;
  return Object.keys(functions).filter((name) => functions[name]?.events?.some(({ schedule }) => schedule));
};

test('what AWS runs by the clock is not run by serverless-offline as well', () => {
  expect(scheduled('serverless.yml')).toEqual(['reconcile', 'prune']);
  expect(scheduled('.build/serverless.yml')).toEqual([]);
});
