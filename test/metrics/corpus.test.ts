import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  checkMetrics,
  type LabelSetting,
  type MetricSetting,
  type Plan,
} from '../../lib/metrics/checkMetrics';
import { count } from '../../lib/metrics/count';
import { InvalidData } from '../../lib/metrics/decode/invalidData';
import type { Task } from '../../lib/metrics/metric';
import { type Valued, valuesOf } from '../../lib/metrics/values';

/** What scikit-learn 1.9.1 says: see makeMetricCorpus.py. */
interface Case {
  task: Task;
  pos_label?: LabelSetting;
  labels?: LabelSetting[];
  y_true: string;
  y_pred: string;
  y_score?: string;
  values: Record<string, number | null>;
  partly?: string[];
}

const [header = '', ...lines] = gunzipSync(readFileSync(join(__dirname, 'metricCorpus.jsonl.gz')))
  .toString()
  .trimEnd()
  .split('\n');
const settings: Record<string, MetricSetting> = JSON.parse(header);
const corpus: Case[] = lines.map((line) => JSON.parse(line));

const kinds = {
  classification: corpus.filter(({ task, y_score }) => task === 'classification' && !y_score),
  scores: corpus.filter(({ y_score }) => y_score),
  multilabel: corpus.filter(({ task }) => task === 'multilabel'),
  regression: corpus.filter(({ task }) => task === 'regression'),
};

/** What scikit-learn answers though the settings do not fit together is refused here when it is scheduled. */
const planOf = ({ task, pos_label, labels, values }: Case): Plan => {
  const metrics = Object.keys(values)
    .map((key) => settings[key] as MetricSetting)
    .filter((metric) => checkMetrics({ task, metrics: [metric], pos_label, labels }).ok);
  const checked = checkMetrics({ task, metrics, pos_label, labels });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return checked.plan;
};

const ask = (one: Case): Valued[] => {
  const columns = {
    y_true: Buffer.from(one.y_true),
    y_pred: Buffer.from(one.y_pred),
    y_score: one.y_score === undefined ? null : Buffer.from(one.y_score),
  };
  const plan = planOf(one);
  try {
    return valuesOf(plan, count(plan, columns));
  } catch (error) {
    if (error instanceof InvalidData) return [];
    throw error;
  }
};

/** Of these, what is near 0 is what is left of 1, and has fewer digits. */
const differences = /^(r2|d2_|explained_variance|matthews_corrcoef|cohen_kappa)/;

/** To twelve digits. */
const agree = (key: string, found: number | null, wanted: number | null): boolean => {
  if (found === null || wanted === null) return found === wanted;
  const size = Math.max(Math.abs(wanted), differences.test(key) ? 1 : 0);
  return found === wanted || Math.abs(found - wanted) <= 1e-12 * size;
};

const counts = (cases: Case[]): Record<string, number> => {
  const found: Record<string, number> = {};
  for (const { values } of cases) {
    for (const key of Object.keys(values)) found[key] = (found[key] ?? 0) + 1;
  }
  return found;
};

describe.each(Object.entries(kinds))('%s', (_kind, cases) => {
  let answers: [Case, Valued[]][];
  beforeAll(() => {
    answers = cases.map((one) => [one, ask(one)]);
  });

  test('there are at least 2,000 cases of each metric', () => {
    expect(Math.min(...Object.values(counts(cases)))).toBeGreaterThanOrEqual(2000);
  });

  test('every metric is what scikit-learn returns, and null where that is undefined', () => {
    const wrong = answers.flatMap(([one, found]) =>
      found
        .filter(
          ({ key, value }) => !agree(key, Number.isFinite(value) ? value : null, one.values[key] ?? null),
        )
        .map(({ key, value }) => ({ key, value, one })),
    );
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  test('columns that cannot be scored at all have no metric in scikit-learn either', () => {
    const wrong = answers.filter(
      ([{ values }, found]) => found.length === 0 && Object.values(values).some((value) => value !== null),
    );
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  test('what is undefined has a reason, and averages name what they count as 0', () => {
    const wrong = answers.filter(([one, found]) =>
      found.some(({ key, reason }) => (one.values[key] === null || one.partly?.includes(key)) && !reason),
    );
    expect(wrong.slice(0, 5)).toEqual([]);
  });
});
