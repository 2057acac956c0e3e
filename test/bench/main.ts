import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { benchKernel } from './kernel';

const results = {
  machine: cpus()[0]?.model,
  node: process.version,
  date: new Date(),
  kernel: benchKernel([1000, 100_000, 1_000_000]),
};
console.table(results.kernel);
mkdirSync('.bench', { recursive: true });
writeFileSync('.bench/results.json', JSON.stringify(results, null, 2));
