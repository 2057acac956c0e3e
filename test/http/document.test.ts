import { readFileSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { openapi } from '../../functions/openapi';
import { routes } from '../../lib/http/routes';
import { functions } from '../deploy/functions';
import { examplesOf, validatorOf } from './contract';

/** What API Gateway routes: "METHOD /path", the function, and whether it asks for a caller. */
const gatewayRoutes = Object.entries(functions).flatMap(([name, { events }]) =>
  events
    .flatMap(({ httpApi }) => httpApi ?? []) // reconcile, watch and prune have schedules
    .map((httpApi) =>
      typeof httpApi === 'string'
        ? { name, call: httpApi, authorized: false }
        : {
            name,
            call: `${httpApi.method} ${httpApi.path}`,
            authorized: httpApi.authorizer?.name === 'caller',
          },
    ),
);

test('the gateway routes what the document describes, with its authorizer where a token is needed', () => {
  const described = routes.map(({ name, method, path, scope }) => ({
    name,
    call: `${method.toUpperCase()} ${path}`,
    authorized: scope !== undefined,
  }));
  const served = gatewayRoutes.filter(({ name }) => name !== 'notFound' && name !== 'dashboard');
  const byCall = (a: { call: string }, b: { call: string }) => (a.call < b.call ? -1 : 1);
  expect(served.sort(byCall)).toEqual(described.sort(byCall));
});

test('every function is the file and the handler of its name', () => {
  for (const [name, { handler }] of Object.entries(functions)) {
    expect(handler).toBe(`functions/${name}.handler`);
  }
});

test('every example is valid by its schema, and every JSON answer and body has one', async () => {
  const { body: document } = await openapi()();
  const examples = examplesOf(document);
  expect(examples.length).toBeGreaterThan(80);
  for (const { where, pointer, values } of examples) {
    expect([where, values.length > 0]).toEqual([where, true]);
    const validate = validatorOf(document, pointer);
    for (const value of values) {
      validate(value);
      expect([where, validate.errors]).toEqual([where, null]);
    }
  }
});

test.each(['openapi', 'notFound', 'authorize', 'previewSchedule'])(
  'the bundle of %s has the routes but no client of a store or of AWS',
  (name) => {
    const file = `.build/functions/${name}.js`;
    expect(statSync(file).size).toBeLessThan(500_000);
    expect(readFileSync(file, 'utf8')).not.toMatch(/smithy|ioredis/);
  },
);

test('no bundle has more than half a megabyte, packed', () => {
  for (const name of Object.keys(functions)) {
    expect(gzipSync(readFileSync(`.build/functions/${name}.js`)).length).toBeLessThan(500_000);
  }
});

test.each(['addPredictions', 'deleteSchedule', 'getReport', 'listMissed', 'removeReference', 'runNow'])(
  'the bundle of %s, which reads no cron expression, has no time zones',
  (name) => {
    const zone = 'Africa/Abidjan';
    expect(readFileSync(`.build/functions/${name}.js`, 'utf8')).not.toContain(zone);
    expect(readFileSync('.build/functions/previewSchedule.js', 'utf8')).toContain(zone);
  },
);
