import { metricsOf } from '../../lib/metrics/catalogue';
import type { MetricSetting, MetricSettings } from '../../lib/metrics/checkMetrics';
import { type Evaluated, type Evaluation, evaluate } from '../../lib/metrics/evaluate';
import type { Task } from '../../lib/metrics/metric';

const json = (values: unknown): Buffer => Buffer.from(JSON.stringify(values));

/** All that a task has, with parameters where they have to be given. */
export const allOf = (task: Task): MetricSetting[] =>
  metricsOf(task).map(({ name, params }) => (params?.beta ? { name, beta: 2 } : name));

export type Given = Omit<MetricSettings, 'task' | 'metrics'> & {
  task?: Task;
  metrics?: MetricSetting[];
  y_true: unknown;
  y_pred?: unknown;
  y_score?: unknown;
};

export const ask = ({
  task = 'classification',
  metrics = allOf(task),
  y_true,
  y_pred = y_true,
  y_score,
  ...given
}: Given) =>
  evaluate(
    { task, metrics, ...given },
    { y_true: json(y_true), y_pred: json(y_pred), y_score: y_score === undefined ? null : json(y_score) },
    true,
  );

export const ok = (found: Evaluation): Evaluated => {
  if (found.status !== 'ok') throw new Error(JSON.stringify(found));
  return found;
};
