import * as z from 'zod';
import { resultExample, resultSchema, revisionSchema } from '../../runs/result';
import { triggers } from '../../runs/run';
import { instant, instantText } from '../../runtime/instant';
import { must } from '../../runtime/must';
import { count, format, given, modelParams } from '../parameters';
import { type Route, revalidate } from '../route';
import { compared, dataDeleted } from './getResult';

const runExample = {
  ...resultExample,
  reference: null,
  trigger: 'schedule',
  started_at: '2026-03-01T12:00:00.100Z',
  missed_before: null,
  data_deleted: false,
  revisions: [],
};

const runSchema = resultSchema
  .extend({
    reference: compared,
    trigger: z.enum(triggers),
    data_deleted: dataDeleted,
    started_at: instantText,
    revisions: z.array(revisionSchema).meta({
      description: 'What it had found before, the newest first, if that was asked for',
    }),
    missed_before: z.int().nullable().meta({
      description: 'How many due times before this one were missed without being listed',
    }),
  })
  .meta({ id: 'Run', examples: [runExample] });

export const route = {
  name: 'listRuns',
  method: 'get',
  path: '/results/{model_id}/history',
  summary: "List a model's runs, newest first, a page at a time",
  scope: 'read',
  params: modelParams,
  query: z.strictObject({
    limit: count(1, 500, 50).meta({ description: 'How many to answer at most' }),
    format,
    revisions: z
      .enum(['true', 'false'], must('true or false'))
      .default('false')
      .transform((text) => text === 'true')
      .meta({ description: 'Also what runs had found before they were computed again' }),
    before: instant.optional().meta({ description: 'Only runs with a due time before this' }),
  }),
  responses: {
    200: {
      description: 'A page of runs',
      schema: z.object({
        items: z.array(runSchema),
        next_before: instantText
          .nullable()
          .meta({ description: '`before` for the next page; null on the last' }),
      }),
      examples: [{ items: [runExample], next_before: runExample.scheduled_time }],
    },
  },
  table: {
    schema: runSchema,
    rows: ({ items }: { items: object[] }) => items,
    next: ({ next_before }: { next_before: string | null }, asked) =>
      next_before === null ? undefined : { ...given(asked), before: next_before },
  },
  errors: [404, 503],
  cacheControl: revalidate,
} satisfies Route;
