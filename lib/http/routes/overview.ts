import * as z from 'zod';
import { resultExample, resultSchema } from '../../runs/result';
import { instantText } from '../../runtime/instant';
import { cronExpression, enabled, name, plainText, tag, tags, timezone } from '../../schedule/fields';
import { modelId } from '../../schedule/modelId';
import { sorts, statuses } from '../../schedule/modelList';
import { dataStale, nextRunAtSchema, scheduleWords } from '../../schedule/schedule';
import { count, format, given, pageLimit } from '../parameters';
import { type Route, revalidate } from '../route';

const modelStatus = z.enum(statuses).meta({
  description:
    'paused or stale, if it is that; else what the newest run found; pending while there is none. In a list sorted by status the first of these comes first',
});

export const modelSchema = z
  .object({
    model_id: modelId,
    name,
    tags,
    data_stale: dataStale,
    alerts: z.array(z.string()).meta({ description: 'The rules that fire' }),
    status: modelStatus,
    metric: z.string().meta({ description: 'The first metric of its schedule' }),
    value: z.number().nullable().meta({ description: 'Of that metric, in the newest run' }),
    better: z.enum(['higher', 'lower']).meta({ description: 'Which values of that metric are better' }),
    change: z
      .number()
      .nullable()
      .meta({ description: 'Against the value in the newest run over another sample row' }),
    n_samples: resultSchema.shape.n_samples,
    data_timestamp: resultSchema.shape.data_timestamp,
    scheduled_time: instantText.nullable().meta({ description: 'The due time of the newest run' }),
    computed_at: instantText.nullable(),
    error: resultSchema.shape.error,
    cron_expression: cronExpression,
    timezone,
    words: scheduleWords,
    enabled,
    next_run_at: nextRunAtSchema,
    recent: z.array(z.number().nullable()).max(30).meta({
      description:
        'Values of that metric in the last 30 runs, oldest first, rounded to four significant digits',
    }),
  })
  .meta({ id: 'Model' });

const example: z.output<typeof modelSchema> = {
  model_id: resultExample.model_id,
  name: 'Fraud, Europe',
  tags: ['production'],
  data_stale: false,
  alerts: ['accuracy-low'],
  status: 'ok',
  metric: 'accuracy',
  value: 0.75,
  better: 'higher',
  change: -0.25,
  n_samples: 4,
  data_timestamp: resultExample.data_timestamp,
  scheduled_time: resultExample.scheduled_time,
  computed_at: resultExample.computed_at,
  error: null,
  cron_expression: '*/5 * * * *',
  timezone: 'UTC',
  words: 'Every 5 minutes',
  enabled: true,
  next_run_at: '2026-03-01T12:05:00.000Z',
  recent: [null, 1, 0.75],
};

const howMany = z.int().min(0);

type Counts = Record<(typeof statuses)[number], typeof howMany>;

export const route = {
  name: 'overview',
  method: 'get',
  path: '/overview',
  summary: 'See all scheduled models, a page at a time',
  description: 'Sorted and filtered over all of them. What is null comes last, whichever way it is sorted.',
  scope: 'read',
  query: z.strictObject({
    limit: pageLimit,
    format,
    offset: count(0, 999_999_999, 0).meta({ description: 'How many to leave out before the first' }),
    sort: z.enum(sorts).default('status'),
    order: z.enum(['asc', 'desc']).default('asc'),
    status: z.enum(statuses).optional(),
    q: plainText
      .max(100, 'must be at most 100 characters long')
      .optional()
      .meta({
        description: 'The beginning of the model_id, or of words of the name',
        examples: ['550e', 'fraud eu'],
      }),
    tag: tag.optional().meta({ description: 'Only models that have this tag' }),
  }),
  responses: {
    200: {
      description: 'A page of models, and how many there are',
      schema: z.object({
        items: z.array(modelSchema),
        total: howMany.meta({ description: 'Of the status asked for' }),
        counts: z
          .object(Object.fromEntries(statuses.map((status) => [status, howMany])) as Counts)
          .meta({ description: 'By status, of all that q and tag find' }),
      }),
      examples: [
        {
          items: [example],
          total: 1,
          counts: {
            invalid_data: 0,
            stale: 0,
            insufficient_data: 0,
            no_data: 0,
            pending: 0,
            ok: 1,
            paused: 0,
          },
        },
      ],
    },
  },
  table: {
    schema: modelSchema,
    rows: ({ items }: { items: object[] }) => items,
    next: ({ items, total }: { items: object[]; total: number }, asked) => {
      const offset = Number(asked.offset ?? 0) + items.length;
      return offset < total && items.length > 0 ? { ...given(asked), offset: String(offset) } : undefined;
    },
  },
  errors: [503],
  cacheControl: revalidate,
} satisfies Route;
