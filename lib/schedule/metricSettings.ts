import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { metricsOf } from '../metrics/catalogue';
import { type Checked, checkMetrics, type MetricSettings } from '../metrics/checkMetrics';
import { must } from '../runtime/must';

export const task = z
  .enum(
    ['classification', 'multilabel', 'regression'],
    must('"classification", "multilabel" or "regression"'),
  )
  .meta({ description: 'What the labels are: classes, rows of 0 and 1, or numbers' });

/** A jsonb column holds no NUL and no half of a surrogate pair. */
const text = z.string().regex(/^[^\0\p{Cs}]*$/u, 'must have no NUL and no lone surrogate');

const label = z.union([text, z.number(), z.boolean()], must('a string, a number or a boolean'));

const names = task.options
  .map(
    (option) =>
      `${option}: ${metricsOf(option)
        .map(({ name }) => name)
        .join(', ')}.`,
  )
  .join(' ');

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
    description: `Metrics under the names of scikit-learn, with parameters if need be; lists are sorted by the first one. ${names}`,
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

const wantedSchema = z.object({ task, metrics, pos_label: posLabel, labels });

/** Which metrics a schedule wants, of what. */
export type Wanted = z.output<typeof wantedSchema>;

/** The metric settings as the engine takes them. */
export const metricSettings = (settings: Wanted): MetricSettings => ({
  task: settings.task,
  metrics: settings.metrics,
  pos_label: settings.pos_label ?? undefined,
  labels: settings.labels ?? undefined,
});

/** Whether they fit together, also of a row that somebody wrote past the API. */
export const planMetrics = (wanted: Wanted): Checked => {
  const read = wantedSchema.safeParse(wanted);
  if (read.success) return checkMetrics(metricSettings(read.data));
  const errors = read.error.issues.map(({ path, message }) => ({ path: path as string[], message }));
  return { ok: false, errors };
};

/** Whether two settings ask for the same, however they are spelt: fbeta of beta 1 is fbeta, true is 1. */
export const sameMetrics = (a: Wanted, b: Wanted): boolean => isDeepStrictEqual(meaningOf(a), meaningOf(b));

const meaningOf = ({ task, metrics, pos_label, labels }: Wanted): unknown => {
  const wanted = { task, metrics, pos_label, labels };
  const checked = planMetrics(wanted);
  if (!checked.ok) return wanted;
  const { asked, ...plan } = checked.plan;
  return { ...plan, keys: asked.map(({ key }) => key) };
};

/** What does not fit together, with what would; none if all does. */
export const metricErrors = (settings: Wanted) => {
  const checked = planMetrics(settings);
  return checked.ok ? [] : checked.errors;
};
