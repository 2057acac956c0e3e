import { binary, indicators, oneOf, quantity, type Sampler } from './samples';

/** A model of the demo. */
export interface DemoModel {
  /** Its schedule, but for the expression. */
  schedule: { model_id: string; name: string } & Record<string, unknown>;
  rules?: Record<string, object>;
  /** Samples of each of its rows; without it, it has predictions by id, whose labels come six hours later. */
  rowSize?: number;
  sample: Sampler;
  /** The chance of a right prediction, so many hours ago. */
  quality: (hoursAgo: number) => number;
  /** Nothing has come for so many hours. */
  silentFor?: number;
  /** For so many hours, rows lack their last prediction. */
  brokenFor?: number;
  /** Later runs are compared with the one of so many hours ago. */
  referenceHoursAgo?: number;
}

const steady = (quality: number) => () => quality;

/** From one quality to another within the week. */
const drifting = (from: number, to: number) => (hoursAgo: number) => to + ((from - to) * hoursAgo) / 168;

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

export const models: DemoModel[] = [
  {
    schedule: {
      model_id: id(1),
      name: 'Fraud, card payments',
      description: 'Predictions by id, labels six hours later; a tenth never comes',
      tags: ['payments'],
      metrics: ['f1', 'precision', 'recall', 'roc_auc', 'average_precision'],
      pos_label: 1,
      data: { window: 'P1D', delay: 'PT6H' },
      segments: ['country'],
      min_samples: 100,
    },
    rules: { 'recall-low': { metric: 'recall', below: 0.8, clear: 0.85, for: { of: 3, at_least: 2 } } },
    sample: binary(0.3),
    quality: steady(0.93),
  },
  {
    schedule: {
      model_id: id(2),
      name: 'Churn, monthly plan',
      description: 'The last thousand predictions with a label',
      tags: ['customers'],
      metrics: ['roc_auc', 'log_loss', 'accuracy'],
      pos_label: 1,
      data: { last: 1000 },
    },
    sample: binary(0.2),
    quality: steady(0.87),
  },
  {
    schedule: {
      model_id: id(3),
      name: 'Delivery time',
      description: 'Minutes; the labels are when the parcel was there',
      tags: ['logistics'],
      task: 'regression',
      metrics: ['mean_absolute_error', 'r2', 'max_error'],
      data: { window: 'PT12H', delay: 'PT6H' },
      segments: ['country'],
    },
    sample: quantity(10, 180),
    quality: steady(0.92),
  },
  {
    schedule: {
      model_id: id(4),
      name: 'Product categories',
      description: 'Drifts: a little worse every day',
      tags: ['shop'],
      metrics: ['accuracy', 'f1_macro'],
    },
    rules: { drift: { metric: 'accuracy', below: 'reference', by: 0.05, sure: true } },
    rowSize: 400,
    sample: oneOf('shoes', 'shirts', 'trousers', 'coats', 'bags'),
    quality: drifting(0.95, 0.84),
    referenceHoursAgo: 160,
  },
  {
    schedule: {
      model_id: id(5),
      name: 'Support tickets',
      description: 'Bad: a new version came a day ago',
      tags: ['customers'],
      metrics: ['f1_macro', 'accuracy'],
    },
    rules: { 'f1-low': { metric: 'f1_macro', below: 0.75, clear: 0.8, severity: 'critical' } },
    rowSize: 250,
    sample: oneOf('billing', 'technical', 'cancellation', 'other'),
    quality: (hoursAgo) => (hoursAgo > 24 ? 0.9 : 0.62),
  },
  {
    schedule: {
      model_id: id(6),
      name: 'Defects, line 3',
      description: 'Stale: no data for two days',
      tags: ['factory'],
      metrics: ['recall', 'precision'],
      pos_label: 1,
      max_data_age_minutes: 1440,
    },
    rowSize: 300,
    sample: binary(0.1),
    quality: steady(0.97),
    silentFor: 48,
  },
  {
    schedule: {
      model_id: id(7),
      name: 'Loan defaults',
      description: 'Its rows have one prediction too few since five hours ago',
      tags: ['payments'],
      metrics: ['roc_auc', 'brier_score', 'expected_calibration_error'],
      pos_label: 1,
    },
    rowSize: 200,
    sample: binary(0.25),
    quality: steady(0.85),
    brokenFor: 5,
  },
  {
    schedule: {
      model_id: id(8),
      name: 'Sentiment of reviews',
      description: 'Few samples: look at how wide the interval is',
      tags: ['shop'],
      metrics: ['accuracy', 'cohen_kappa'],
    },
    rowSize: 15,
    sample: oneOf('good', 'bad', 'mixed'),
    quality: steady(0.85),
  },
  {
    schedule: {
      model_id: id(9),
      name: 'House prices',
      tags: ['market'],
      task: 'regression',
      metrics: ['mean_absolute_percentage_error', 'r2', 'root_mean_squared_error'],
    },
    rowSize: 150,
    sample: quantity(90_000, 900_000),
    quality: steady(0.95),
  },
  {
    schedule: {
      model_id: id(10),
      name: 'Image tags',
      tags: ['shop'],
      task: 'multilabel',
      metrics: ['f1_samples', 'hamming_loss'],
    },
    rowSize: 200,
    sample: indicators(4),
    quality: steady(0.94),
  },
  {
    schedule: {
      model_id: id(11),
      name: 'Spam',
      tags: ['customers'],
      metrics: ['accuracy', 'recall'],
      pos_label: 1,
    },
    rowSize: 500,
    sample: binary(0.4),
    quality: steady(0.98),
  },
  {
    schedule: {
      model_id: id(12),
      name: 'Languages',
      tags: ['customers'],
      metrics: ['balanced_accuracy', 'matthews_corrcoef'],
    },
    rowSize: 300,
    sample: oneOf('en', 'de', 'fr', 'es', 'it', 'pl', 'nl', 'sv'),
    quality: steady(0.96),
  },
];
