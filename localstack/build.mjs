import { readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { parse, stringify } from 'yaml';

const service = parse(await readFile('serverless.yml', 'utf8'));

const { exclude, ...asOnAws } = service.custom.esbuild;

const common = {
  bundle: true,
  platform: 'node',
  target: asOnAws.target,
  format: 'cjs',
  loader: asOnAws.loader,
  logLevel: 'warning',
};

/** serverless.yml beside the finished bundles: what runs locally is what was built, once. */
const writeServerlessFile = async () => {
  service.plugins = ['serverless-offline'];
  delete service.custom.esbuild;
  await writeFile('.build/serverless.yml', stringify(service));
};

// The functions, complete as on AWS; what the containers run beside them, complete too; what starts everything on this
// machine, with its packages left in node_modules.
await Promise.all([
  build({
    ...common,
    ...asOnAws,
    entryPoints: ['functions/*.ts'],
    outdir: '.build/functions',
  }),
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
