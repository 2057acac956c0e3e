import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parse } from 'yaml';
import { functions } from '../.deploy/functions.js';

const service = parse(await readFile('serverless.yml', 'utf8'));

const { exclude: _, minify, ...asOnAws } = service.custom.esbuild;
const common = { ...asOnAws, bundle: true, platform: 'node', format: 'cjs', logLevel: 'warning' };

const takesBody = ({ httpApi }) => ['POST', 'PUT', 'PATCH'].includes(httpApi?.method);

/** The handler of a function by way of apart.ts. */
const writeApart = async (name) => {
  await mkdir('.build/functions/apart', { recursive: true });
  const text = `module.exports = require('./apart.js').apart(require.resolve('../${name}.js'));\n`;
  await writeFile(`.build/functions/apart/${name}.js`, text);
  return `functions/apart/${name}.handler`;
};

const parameters = { ...service.params.default, ...service.params.local };
const known = { param: parameters, self: service, sls: { stage: 'local' } };

/** A value in stage local; what is in the environment is known no sooner than at the start. */
const inStageLocal = (value) =>
  String(value).replace(/\$\{(\w+):(\w+)(, [^}]*)?\}/g, (text, source, name) =>
    source === 'env' ? text : inStageLocal(known[source][name]),
  );

const environmentIn = (environment) =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, inStageLocal(value)]));

/**
 * What serverless-offline has to know of serverless.yml. Only the endpoints, as it runs whatever it knows: the local Lambda
 * service has the other functions. They ask for tokens themselves, and need no authorizer.
 */
const writeService = async () => {
  const { runtime, memorySize, timeout, environment } = service.provider;
  const endpoints = {};
  for (const [name, { handler, events, environment, memorySize, timeout }] of Object.entries(functions)) {
    const routes = events.flatMap(({ httpApi }) => httpApi ?? []);
    if (routes.length === 0) continue;
    endpoints[name] = {
      name: `${service.service}-local-${name}`,
      handler: events.some(takesBody) ? await writeApart(name) : handler,
      ...{ memorySize, timeout },
      environment: environmentIn(environment),
      events: routes.map((route) => ({
        httpApi: typeof route === 'string' ? route : { method: route.method, path: route.path },
      })),
    };
  }
  const written = {
    provider: {
      name: 'aws',
      region: 'us-east-1',
      runtime,
      memorySize,
      timeout,
      environment: environmentIn(environment),
    },
    custom: { 'serverless-offline': service.custom['serverless-offline'] },
    functions: endpoints,
  };
  await writeFile('.build/service.json', JSON.stringify(written, null, 2));
};

// All code is bundled, as on AWS. What serverless-offline loads only when it needs it keeps files of its own.
const plugin = '.build/serverlessOffline';
await rm(plugin, { recursive: true, force: true });
await Promise.all([
  build({ ...common, entryPoints: ['functions/*.ts'], outdir: '.build/functions', minify }),
  build({
    ...common,
    entryPoints: {
      clockService: 'localstack/clockService.ts',
      endWithParent: 'localstack/endWithParent.ts',
      'functions/apart/apart': 'localstack/gateway/apart.ts',
      gateway: 'localstack/gateway/main.ts',
      migrate: 'localstack/migrate.ts',
      runtimeClient: 'localstack/lambda/runtimeClient.ts',
      start: 'localstack/start.ts',
    },
    outdir: '.build',
  }),
  build({
    ...common,
    entryPoints: { main: 'localstack/gateway/offline.ts' },
    outdir: plugin,
    format: 'esm',
    splitting: true,
    outExtension: { '.js': '.mjs' },
    // Our handlers are JavaScript by now: tsx and esbuild, which would load others, stay out.
    alias: { 'tsx/cjs/api': 'node:module', 'tsx/esm/api': 'node:module' },
    banner: { js: "import * as cjs from 'node:module'; const require = cjs.createRequire(import.meta.url);" },
  }),
  cp('node_modules/serverless-offline/src/events/http/templates', join(plugin, 'templates'), {
    recursive: true,
  }),
]);
await writeService();
// serverless-offline looks for the nearest one at every request.
await writeFile('.build/functions/package.json', '{"type":"commonjs"}');
