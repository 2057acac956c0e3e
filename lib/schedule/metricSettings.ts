import * as z from 'zod';
import { checkMetrics, type MetricSettings } from '../metrics/checkMetrics';
import { must } from '../runtime/must';

export const task = z
  .enum(
    ['classification', 'multilabel', 'regression'],
    must('"classification", "multilabel" or "regression"'),
  )
  .meta({ description: 'What the labels are: classes, rows of 0 and 1, or numbers' });

const label = z.union([z.string(), z.number(), z.boolean()], must('a string, a number or a boolean'));

export const metrics = z
  .array(
    z.union(
      [z.string(), z.looseObject({ name: z.string() })],
      must('the name of a metric, or an object with its name and parameters'),
    ),
    must('a list of metrics'),
  )
  .max(30, 'must be at most 30 metrics')
  .meta({
    description: 'Metrics under the names of scikit-learn; the first one is what lists are sorted by',
    examples: [['accuracy', 'f1_macro', { name: 'fbeta', beta: 2 }]],
  });

export const posLabel = label.nullable().meta({
  description: 'The positive class of binary metrics; null: 1, as scikit-learn has it',
  examples: ['spam'],
});

export const labels = z
  .array(label)
  .max(1000, 'must be at most 1000 labels')
  .nullable()
  .meta({
    description: 'All classes, whether a batch has them or not; null: those that it has',
    examples: [['ham', 'spam']],
  });

/** The metric settings as the engine takes them. */
export const metricSettings = (settings: {
  task: MetricSettings['task'];
  metrics: z.output<typeof metrics>;
  pos_label: z.output<typeof posLabel>;
  labels: z.output<typeof labels>;
}): MetricSettings => ({
  task: settings.task,
  metrics: settings.metrics,
  pos_label: settings.pos_label ?? undefined,
  labels: settings.labels ?? undefined,
});

/** What does not fit together, with what would; none if all does. */
export const metricErrors = (settings: Parameters<typeof metricSettings>[0]) => {
  const checked = checkMetrics(metricSettings(settings));
  return checked.ok ? [] : checked.errors;
};
