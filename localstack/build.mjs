import { build } from 'esbuild';

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  loader: { '.sql': 'text', '.lua': 'text' },
  logLevel: 'warning',
};

// The functions, complete as on AWS; what runs beside them, with its packages left in node_modules.
await Promise.all([
  build({
    ...common,
    entryPoints: ['functions/*.ts'],
    outdir: '.build/functions',
    minify: true,
    keepNames: true,
  }),
  build({
    ...common,
    entryPoints: {
      start: 'localstack/start.ts',
      migrate: 'localstack/migrate.ts',
      runtimeClient: 'localstack/lambda/runtimeClient.ts',
    },
    outdir: '.build',
    packages: 'external',
  }),
]);
