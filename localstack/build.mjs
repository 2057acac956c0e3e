import { readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { parse, stringify } from 'yaml';

const service = parse(await readFile('serverless.yml', 'utf8'));

const { exclude: _, minify, ...asOnAws } = service.custom.esbuild;
const common = { ...asOnAws, bundle: true, platform: 'node', format: 'cjs', logLevel: 'warning' };

/**
 * serverless.yml beside the finished bundles: what runs locally is what was built, once. What it runs by the clock the
 * local Lambda service does, in environments of its own.
 */
const writeServerlessFile = async () => {
  service.plugins = ['serverless-offline'];
  delete service.custom.esbuild;
  for (const one of Object.values(service.functions)) {
    one.events = one.events?.filter((event) => !event.schedule);
  }
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
      migrate: 'localstack/migrate.ts',
      runtimeClient: 'localstack/lambda/runtimeClient.ts',
    },
    outdir: '.build',
  }),
  build({
    ...common,
    entryPoints: { start: 'localstack/start.ts', endWithParent: 'localstack/endWithParent.ts' },
    outdir: '.build',
    packages: 'external',
  }),
]);
await writeServerlessFile();
// serverless-offline looks for the nearest one at every request.
await writeFile('.build/functions/package.json', '{"type":"commonjs"}');
