import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { checkMetrics, type LabelSetting, type MetricSetting } from '../../lib/metrics/checkMetrics';
import { type Evaluation, evaluate } from '../../lib/metrics/evaluate';
import type { Task } from '../../lib/metrics/metric';

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
const schedulable = ({ task, pos_label, labels, values }: Case): MetricSetting[] =>
  Object.keys(values)
    .map((key) => settings[key] as MetricSetting)
    .filter((metric) => checkMetrics({ task, metrics: [metric], pos_label, labels }).ok);

const ask = (one: Case): Evaluation => {
  const { task, pos_label, labels, y_true, y_pred, y_score } = one;
  const columns = {
    y_true: Buffer.from(y_true),
    y_pred: Buffer.from(y_pred),
    y_score: y_score === undefined ? null : Buffer.from(y_score),
  };
  return evaluate({ task, metrics: schedulable(one), pos_label, labels }, columns);
};

/** To twelve digits; what lies between -1 and 1 is a difference of numbers as large as 1, as often as not. */
const agree = (found: number | null, wanted: number | null): boolean =>
  found === wanted ||
  (found !== null &&
    wanted !== null &&
    Math.abs(found - wanted) <= 1e-12 * Math.max(Math.abs(wanted), tiny(wanted)));

const tiny = (wanted: number): number => (Math.abs(wanted) > 1e-3 ? 1 : 0);

const counts = (cases: Case[]): Record<string, number> => {
  const found: Record<string, number> = {};
  for (const { values } of cases) {
    for (const key of Object.keys(values)) found[key] = (found[key] ?? 0) + 1;
  }
  return found;
};

describe.each(Object.entries(kinds))('%s', (_kind, cases) => {
  test('has at least 2,000 cases of each metric', () => {
    expect(Math.min(...Object.values(counts(cases)))).toBeGreaterThanOrEqual(2000);
  });

  test('every metric is what scikit-learn returns, and null where that is undefined', () => {
    const wrong: unknown[] = [];
    for (const one of cases) {
      const found = ask(one);
      if (found.status !== 'ok') {
        if (Object.values(one.values).some((value) => value !== null)) wrong.push([one, found]);
        continue;
      }
      for (const [key, wanted] of Object.entries(one.values)) {
        if (key in found.metrics && !agree(found.metrics[key] as number | null, wanted)) {
          wrong.push({
            key,
            found: found.metrics[key],
            why: found.undefined[key],
            wanted,
            ...one,
            values: '',
          });
        }
      }
    }
    if (process.env.SHOW) {
      const by: Record<string, number> = {};
      for (const w of wrong as any[]) by[w.key] = (by[w.key] ?? 0) + 1;
      console.log(
        _kind,
        wrong.length,
        by,
        JSON.stringify(
          wrong
            .slice(0, 400)
            .filter((w: any) => w.y_true?.length < 300)
            .slice(0, 14),
          null,
          0,
        ).replaceAll('},{', '},\n{'),
      );
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  test('what is null has a reason, and averages name what they count as 0', () => {
    const wrong = cases.filter((one) => {
      const found = ask(one);
      if (found.status !== 'ok') return false;
      const wanted = Object.keys(one.values).filter(
        (key) => one.values[key] === null || one.partly?.includes(key),
      );
      return wanted.some((key) => key in found.metrics && !found.undefined[key]);
    });
    expect(wrong.slice(0, 5)).toEqual([]);
  });
});
