import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchAlerts } from './alerts';
import { benchApi } from './api';
import { benchBoundary } from './boundary';
import { benchExpose } from './expose';
import { benchGrowth } from './growth';
import { benchHistory } from './history';
import { benchKernel } from './kernel';
import { benchMetrics } from './metrics';
import { benchModels } from './models';
import { plot } from './plot';
import { benchReconcile } from './reconcile';
import { type Costs, compare, costsOf, loopMs } from './regression';
import { benchRun } from './run';
import { benchSoak } from './soak';
import { openStage, type Stage } from './stage';
import { benchUploads } from './uploads';
import { benchWindow } from './window';

// npm run bench [-- section ...] [--small] [--check [--tolerance 2]] [--keep]: prints tables, and keeps each section's
// newest numbers in .bench/. --check fails when something costs more than the tolerance times what costs.json says, --keep
// writes that file.

type Section = (stage: Stage) => Promise<Record<string, unknown>>;

const sections: Record<string, Section> = {
  kernel: benchKernel,
  metrics: benchMetrics,
  run: benchRun,
  boundary: benchBoundary,
  api: benchApi,
  expose: benchExpose,
  growth: benchGrowth,
  history: benchHistory,
  models: benchModels,
  uploads: benchUploads,
  window: benchWindow,
  alerts: benchAlerts,
  reconcile: benchReconcile,
  soak: benchSoak,
};

const usual = ['kernel', 'metrics', 'run', 'api', 'growth', 'boundary'];
const file = '.bench/results.json';
const costsFile = 'test/bench/costs.json';

const readJson = (name: string) => (existsSync(name) ? JSON.parse(readFileSync(name, 'utf8')) : {});

const print = (section: string, found: Record<string, unknown>) => {
  for (const [name, value] of Object.entries(found)) {
    console.log(`\n${section}${name === 'rows' ? '' : `: ${name}`}`);
    if (Array.isArray(value)) console.table(value);
    else console.dir(value, { depth: 4 });
  }
};

/** @throws Error that names what has become slower, or that there is nothing to compare with */
const check = (costs: Costs, tolerance: number) => {
  const { compared, slower } = compare(readJson(costsFile), costs, tolerance);
  if (compared === 0)
    throw new Error(`${costsFile} has none of these numbers: run the bench with --keep first`);
  const lines = slower.map(([name, times]) => `  ${times.toFixed(2)} times what it was: ${name}`);
  if (slower.length) throw new Error([`slower than ${costsFile}:`, ...lines].join('\n'));
  console.log(`\n${compared} numbers, none more than ${tolerance} times what it was`);
};

const options = {
  small: { type: 'boolean', default: false },
  check: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
  tolerance: { type: 'string', default: '2' },
} as const;

const main = async () => {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  process.env.POWERTOOLS_METRICS_DISABLED = 'true';
  const { positionals, values } = parseArgs({ allowPositionals: true, options });
  const unknown = positionals.find((name) => !sections[name]);
  if (unknown) throw new Error(`no section ${unknown}; there are ${Object.keys(sections).join(', ')}`);
  const stage = openStage(values.small);
  const results = readJson(file);
  const costs: Costs = {};
  for (const name of positionals.length ? positionals : usual) {
    const start = performance.now();
    const before = loopMs();
    const found = await (sections[name] as Section)(stage);
    const loop = (before + loopMs()) / 2;
    Object.assign(costs, costsOf(name, found, loop));
    print(name, found);
    results[name] = {
      date: new Date(),
      seconds: Math.round((performance.now() - start) / 1000),
      small: values.small,
      machine: `${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
      node: process.version,
      'loop ms': loop,
      ...found,
    };
    mkdirSync('.bench', { recursive: true });
    writeFileSync(file, JSON.stringify(results, null, 2));
  }
  if (results.growth && results.boundary) {
    writeFileSync('.bench/plot.svg', plot(results.growth.rows, results.boundary.rows));
  }
  console.log('\nwritten to .bench/');
  if (values.check) check(costs, Number(values.tolerance));
  if (values.keep)
    writeFileSync(costsFile, `${JSON.stringify({ ...readJson(costsFile), ...costs }, null, 2)}\n`);
};

main().then(
  () => process.exit(),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
