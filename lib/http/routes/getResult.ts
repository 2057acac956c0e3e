import * as z from 'zod';
import { severities } from '../../alerts/rule';
import { noWindow, resultExample, resultSchema } from '../../runs/result';
import { instantText } from '../../runtime/instant';
import { name } from '../../schedule/fields';
import { dataStale, nextRunAtSchema } from '../../schedule/schedule';
import { modelParams } from '../parameters';
import { type Route, revalidate } from '../route';

/** What there is to tell before the first run. */
export const pending = (modelId: string) => ({
  model_id: modelId,
  status: 'pending' as const,
  accuracy: null,
  metrics: {},
  intervals: {},
  undefined: {},
  baseline: {},
  hints: [],
  n_samples: null,
  n_unlabelled: null,
  ...noWindow,
  results_id: null,
  data_timestamp: null,
  scheduled_time: null,
  computed_at: null,
  error: null,
  future_rows: null,
});

const byKey = <T extends z.ZodType>(value: T) => z.record(z.string(), value.nullable());

/** A result beside the run that its model's runs are compared with. */
export const compared = z
  .object({
    scheduled_time: instantText,
    metrics: byKey(z.number()),
    difference: byKey(z.number()).meta({ description: 'Of this result, less that of the reference' }),
    overlaps: byKey(z.boolean()).meta({
      description: 'Whether the intervals have a value in common; null where one is not known',
    }),
  })
  .nullable()
  .meta({ description: 'The run that this model is compared with, if there is one' });

export const dataDeleted = z
  .boolean()
  .meta({ description: 'The data, or some of it, has been deleted since' });

const expected = {
  reference: null,
  data_stale: false,
  data_deleted: false,
  same_data_since: null,
  alerts: [],
  name: 'Fraud, Europe',
  scheduled: true,
  next_run_at: '2026-03-01T12:05:00.000Z',
  stale: false,
};

/** What PostgreSQL alone knows, while it is away. */
export const unknown = {
  reference: null,
  name: null,
  data_stale: null,
  data_deleted: null,
  same_data_since: null,
  alerts: null,
  scheduled: null,
  next_run_at: null,
  stale: null,
};

export const route = {
  name: 'getResult',
  method: 'get',
  path: '/results/{model_id}',
  summary: "Read a model's newest result",
  description:
    'While PostgreSQL is away, the result that Redis has is answered, and what PostgreSQL alone knows is null: `name`, `reference`, `alerts`, `data_stale`, `data_deleted`, `same_data_since`, `scheduled`, `next_run_at` and `stale`.',
  scope: 'read',
  params: modelParams,
  responses: {
    200: {
      description: 'The newest result, when the next is due, and whether one is overdue',
      schema: resultSchema
        .extend({
          status: z.enum([...resultSchema.shape.status.options, 'pending']).meta({
            description: 'pending: scheduled, but no run has ended yet',
          }),
          scheduled_time: instantText.nullable(),
          computed_at: instantText.nullable(),
          reference: compared,
          name,
          data_stale: dataStale.nullable(),
          data_deleted: dataDeleted.nullable(),
          same_data_since: instantText.nullable().meta({
            description: 'The due time of the first run in a row that looked at this same sample row',
          }),
          alerts: z
            .array(z.object({ rule: z.string(), severity: z.enum(severities), since: instantText }))
            .nullable()
            .meta({ description: 'The rules that fire; null while PostgreSQL is away' }),
          scheduled: z
            .boolean()
            .nullable()
            .meta({ description: 'Whether the model has a schedule; null while PostgreSQL is away' }),
          next_run_at: nextRunAtSchema,
          stale: z.boolean().nullable().meta({
            description:
              'A due time and its window passed more than two minutes ago without its run, and no later one has run; null while PostgreSQL is away',
          }),
        })
        .meta({
          id: 'NewestResult',
          examples: [
            { ...resultExample, ...expected },
            { ...pending(resultExample.model_id), ...expected },
            { ...resultExample, ...unknown },
          ],
        }),
    },
  },
  errors: [404, 503],
  cacheControl: revalidate,
} satisfies Route;
