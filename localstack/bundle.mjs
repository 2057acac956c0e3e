import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { parse, stringify } from 'yaml';
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

/**
 * serverless.yml for serverless-offline, beside the finished bundles: what runs locally is what was built, once. It
 * needs no other file, so it has the functions and the parameters of stage local in it, and nothing of CloudFormation.
 * Only the endpoints are in it, as serverless-offline runs whatever it knows: the local Lambda service has the other
 * functions. The endpoints ask for tokens themselves, and need no authorizer.
 */
const writeServerlessFile = async () => {
  service.plugins = ['serverless-offline'];
  service.functions = functions;
  for (const [name, { events }] of Object.entries(functions)) {
    if (!events?.some((event) => event.httpApi)) delete functions[name];
    for (const { httpApi } of events ?? []) delete httpApi?.authorizer;
    if (events?.some(takesBody)) functions[name].handler = await writeApart(name);
  }
  service.params = { local: { ...service.params.default, ...service.params.local } };
  delete service.resources;
  delete service.provider.httpApi;
  delete service.provider.stackParameters;
  delete service.custom.stores;
  delete service.custom.callersChecked;
  delete service.custom.esbuild;
  await writeFile('.build/serverless.yml', stringify(service));
};

// The functions, complete as on AWS; what the containers run beside them, complete too; what starts everything on this
// machine, with its packages left in node_modules.
await Promise.all([
  build({ ...common, entryPoints: ['functions/*.ts'], outdir: '.build/functions', minify }),
  build({
    ...common,
    entryPoints: {
      clockService: 'localstack/clockService.ts',
      'functions/apart/apart': 'localstack/gateway/apart.ts',
      gateway: 'localstack/gateway/main.ts',
      migrate: 'localstack/migrate.ts',
      runtimeClient: 'localstack/lambda/runtimeClient.ts',
    },
    outdir: '.build',
  }),
  build({
    ...common,
    entryPoints: {
      start: 'localstack/start.ts',
      endWithParent: 'localstack/endWithParent.ts',
      quiet: 'localstack/gateway/quiet.ts',
    },
    outdir: '.build',
    packages: 'external',
  }),
]);
await writeServerlessFile();
// serverless-offline looks for the nearest one at every request.
await writeFile('.build/functions/package.json', '{"type":"commonjs"}');
