import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchApi } from './api';
import { benchBoundary } from './boundary';
import { benchExpose } from './expose';
import { benchGrowth } from './growth';
import { benchKernel } from './kernel';
import { benchMetrics } from './metrics';
import { plot } from './plot';
import { benchReconcile } from './reconcile';
import { benchRun } from './run';
import { benchSoak } from './soak';
import { openStage, type Stage } from './stage';

// npm run bench [-- section ...] [--small]: prints tables, and keeps each section's newest numbers in .bench/.

type Section = (stage: Stage) => Promise<Record<string, unknown>>;

const sections: Record<string, Section> = {
  kernel: benchKernel,
  metrics: benchMetrics,
  run: benchRun,
  boundary: benchBoundary,
  api: benchApi,
  expose: benchExpose,
  growth: benchGrowth,
  reconcile: benchReconcile,
  soak: benchSoak,
};

const usual = ['kernel', 'metrics', 'run', 'api', 'growth', 'boundary'];
const file = '.bench/results.json';

const print = (section: string, found: Record<string, unknown>) => {
  for (const [name, value] of Object.entries(found)) {
    console.log(`\n${section}${name === 'rows' ? '' : `: ${name}`}`);
    if (Array.isArray(value)) console.table(value);
    else console.dir(value, { depth: 4 });
  }
};

const main = async () => {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  process.env.POWERTOOLS_METRICS_DISABLED = 'true';
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { small: { type: 'boolean', default: false } },
  });
  const unknown = positionals.find((name) => !sections[name]);
  if (unknown) throw new Error(`no section ${unknown}; there are ${Object.keys(sections).join(', ')}`);
  const stage = openStage(values.small);
  const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  for (const name of positionals.length ? positionals : usual) {
    const start = performance.now();
    const found = await (sections[name] as Section)(stage);
    print(name, found);
    results[name] = {
      date: new Date(),
      seconds: Math.round((performance.now() - start) / 1000),
      small: values.small,
      machine: `${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
      node: process.version,
      ...found,
    };
    mkdirSync('.bench', { recursive: true });
    writeFileSync(file, JSON.stringify(results, null, 2));
  }
  if (results.growth && results.boundary) {
    writeFileSync('.bench/plot.svg', plot(results.growth.rows, results.boundary.rows));
  }
  console.log('\nwritten to .bench/');
};

main().then(
  () => process.exit(),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
