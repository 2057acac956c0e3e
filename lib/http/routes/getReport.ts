import * as z from 'zod';
import { instantText } from '../../runtime/instant';
import { modelId } from '../../schedule/modelId';
import { format, modelParams } from '../parameters';
import { type Route, revalidate } from '../route';

const share = z.number().min(0).max(1).nullable();

const classReport = z.object({
  label: z.union([z.string(), z.number()]),
  precision: share.meta({ description: 'null where it is 0/0' }),
  recall: share,
  f1: share,
  support: z.int().meta({ description: 'How many samples are of this class' }),
  predicted: z.int().meta({ description: 'How many samples were taken for this class' }),
});

const example = {
  model_id: '550e8400-e29b-41d4-a716-446655440000',
  scheduled_time: '2026-03-01T12:00:00.000Z',
  results_id: 1,
  window_start: null,
  window_end: null,
  classes: [
    { label: 0, precision: 0.5, recall: 1, f1: 2 / 3, support: 1, predicted: 2 },
    { label: 1, precision: 1, recall: 2 / 3, f1: 0.8, support: 3, predicted: 2 },
  ],
  classes_left_out: 0,
  confusion: [
    [1, 0],
    [1, 2],
  ],
};

export const route = {
  name: 'getReport',
  method: 'get',
  path: '/results/{model_id}/report',
  summary: 'See the classes of the newest run one by one, and how they are confused',
  description:
    'As classification_report and confusion_matrix of scikit-learn. Of more than 200 classes, those with the most samples. CSV and NDJSON have the classes alone.',
  scope: 'read',
  params: modelParams,
  query: z.strictObject({ format }),
  responses: {
    200: {
      description:
        'Of the sample row, or the window of predictions, that the newest run with a number looked at',
      schema: z
        .object({
          model_id: modelId,
          scheduled_time: instantText,
          results_id: z.int().nullable().meta({ description: 'The sample row; null for a window' }),
          window_start: instantText.nullable(),
          window_end: instantText.nullable(),
          classes: z.array(classReport),
          classes_left_out: z.int().min(0),
          confusion: z
            .array(z.array(z.int()))
            .nullable()
            .meta({ description: 'Rows are true classes, columns predicted ones; null for rows of labels' }),
        })
        .meta({ id: 'Report', examples: [example] }),
    },
  },
  table: {
    schema: classReport,
    rows: ({ classes }: { classes: object[] }) => classes,
  },
  errors: [404, 503],
  cacheControl: revalidate,
} satisfies Route;
