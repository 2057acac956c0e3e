import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metricsOf } from '../../lib/metrics/catalogue';
import type { MetricSetting } from '../../lib/metrics/checkMetrics';
import type { Columns } from '../../lib/metrics/count';
import { evaluate } from '../../lib/metrics/evaluate';
import type { Task } from '../../lib/metrics/metric';
import { coverageOf, populations } from '../metrics/coverage';
import { round } from './numbers';
import type { Stage } from './stage';

/** Numbers that look random, the same every time. */
const mixed = (n: number) => Math.imul(n, 2654435761) >>> 13;

const list = (count: number, value: (n: number) => unknown) =>
  Buffer.from(`[${Array.from({ length: count }, (_, n) => value(n)).join(', ')}]`);

const classes = (count: number, kinds: number): Columns => ({
  y_true: list(count, (n) => mixed(n) % kinds),
  y_pred: list(count, (n) => (mixed(n) + Number(n % 10 === 0)) % kinds),
});

const scored = (count: number): Columns => ({
  ...classes(count, 2),
  y_score: list(count, (n) => ((mixed(n) % 2) + (mixed(n * 31 + 7) % 999_983) / 999_983) / 2),
});

const numbers = (count: number): Columns => ({
  y_true: list(count, (n) => (mixed(n) % 99_991) / 7),
  y_pred: list(count, (n) => (mixed(n) % 99_991) / 7 + (mixed(n + 1) % 13) / 13),
});

const rows = (count: number): Columns => ({
  y_true: list(count, (n) => `[${[1, 2, 3, 4].map((k) => mixed(n * k) & 1).join(', ')}]`),
  y_pred: list(
    count,
    (n) => `[${[1, 2, 3, 4].map((k) => (mixed(n * k) + Number((n + k) % 10 === 0)) & 1).join(', ')}]`,
  ),
});

/** Every metric of a task. */
export const allOf = (task: Task, withScores: boolean): MetricSetting[] =>
  metricsOf(task)
    .filter(({ needs }) => withScores || needs !== 'scores')
    .map(({ name, params }) => (params?.beta ? { name, beta: 2 } : name));

/** The limit: all texts read once, byte by byte. */
const byteLoop = (columns: Columns) => {
  let sum = 0;
  for (const text of Object.values(columns) as Buffer[]) {
    for (let i = 0; i < text.length; i++) sum += text[i] as number;
  }
  return sum;
};

const sort = (scores: Float64Array) => scores.slice().sort();

const best = (rounds: number, candidates: Record<string, () => unknown>): Record<string, number> => {
  const ms: Record<string, number> = {};
  for (let at = 0; at < rounds; at++) {
    for (const [name, run] of Object.entries(candidates)) {
      const start = performance.now();
      run();
      ms[name] = Math.min(ms[name] ?? Number.POSITIVE_INFINITY, performance.now() - start);
    }
  }
  return ms;
};

/** The process's memory above the texts while it evaluates, the most that is seen from within. */
const memory = (task: Task, metrics: MetricSetting[], columns: Columns) => {
  global.gc?.();
  const before = process.memoryUsage();
  evaluate({ task, metrics }, columns);
  const after = process.memoryUsage();
  const made = after.heapUsed + after.external - before.heapUsed - before.external;
  const texts = (Object.values(columns) as Buffer[]).reduce((sum, text) => sum + text.length, 0);
  return round((texts + Math.max(0, made)) / texts);
};

const time = (name: string, task: Task, metrics: MetricSetting[], columns: Columns, rounds: number) => {
  const scores = columns.y_score && Float64Array.from(JSON.parse(columns.y_score.toString()) as number[]);
  const ms = best(rounds, {
    evaluate: () => evaluate({ task, metrics }, columns),
    byteLoop: () => byteLoop(columns),
    ...(scores && { sort: () => sort(scores) }),
  }) as { evaluate: number; byteLoop: number; sort?: number };
  return {
    what: name,
    metrics: metrics.length,
    ms: round(ms.evaluate, 3),
    'times the byte loop': round(ms.evaluate / ms.byteLoop),
    'times the sort': ms.sort ? round(ms.evaluate / ms.sort) : '',
    'memory, times the texts': memory(task, metrics, columns),
  };
};

/** What scikit-learn takes for the same columns, if the tools of test/tools are there. */
const scikitLearnMs = (columns: Columns): number | undefined => {
  const tools = process.env.TOOLS_FOLDER;
  if (!tools) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'bench-metrics-'));
  try {
    for (const name of ['y_true', 'y_pred'] as const) writeFileSync(join(folder, name), columns[name]);
    return Number(
      execFileSync(join(tools, 'bin/python'), ['test/bench/scikitLearn.py', folder], { encoding: 'utf8' }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const besideScikitLearn = (row: ReturnType<typeof time>, columns: Columns) => {
  const theirs = scikitLearnMs(columns);
  if (theirs === undefined) return row;
  return { ...row, 'scikit-learn ms': round(theirs, 1), 'times ours': round(theirs / row.ms) };
};

/** All metrics with their intervals and baselines from texts of JSON, and how often the intervals hold. */
export const benchMetrics = async ({ small }: Stage) => {
  const found = (small ? [1000] : [1000, 100_000, 1_000_000]).flatMap((count) => {
    const rounds = Math.max(5, Math.min(50, 3_000_000 / count));
    const of = (name: string, task: Task, metrics: MetricSetting[], columns: Columns) => ({
      count,
      ...time(name, task, metrics, columns, rounds),
    });
    const all = (kinds: number) => {
      const columns = classes(count, kinds);
      const row = of(`all of ${kinds} classes`, 'classification', allOf('classification', false), columns);
      return besideScikitLearn(row, columns);
    };
    return [
      of('accuracy of 5 classes', 'classification', ['accuracy'], classes(count, 5)),
      all(5),
      all(200),
      of('roc_auc', 'classification', ['roc_auc'], scored(count)),
      of('all of 2 classes with scores', 'classification', allOf('classification', true), scored(count)),
      of('all of rows', 'multilabel', allOf('multilabel', false), rows(count)),
      of('all of a regression', 'regression', allOf('regression', false), numbers(count)),
    ];
  });
  const batches = small ? 100 : 500;
  const coverage = populations.flatMap((population) =>
    [50, 500].flatMap((n) => coverageOf(population, n, batches)),
  );
  return { rows: found, coverage: coverage.map((one) => ({ ...one, percent: round(one.percent, 1) })) };
};
