import * as z from 'zod';
import { resultExample, resultSchema, revisionSchema } from '../../runs/result';
import { triggers } from '../../runs/run';
import { instant, instantText } from '../../runtime/instant';
import { must } from '../../runtime/must';
import { modelParams, pageLimit } from '../parameters';
import { type Route, revalidate } from '../route';
import { compared } from './getResult';

const runExample = {
  ...resultExample,
  reference: null,
  trigger: 'schedule',
  started_at: '2026-03-01T12:00:00.100Z',
  missed_before: null,
  revisions: [],
};

export const route = {
  name: 'listRuns',
  method: 'get',
  path: '/results/{model_id}/history',
  summary: "List a model's runs, newest first, a page at a time",
  scope: 'read',
  params: modelParams,
  query: z.strictObject({
    limit: pageLimit,
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
        items: z.array(
          resultSchema
            .extend({
              reference: compared,
              trigger: z.enum(triggers),
              started_at: instantText,
              revisions: z.array(revisionSchema).meta({
                description: 'What it had found before, the newest first, if that was asked for',
              }),
              missed_before: z.int().nullable().meta({
                description: 'How many due times before this one were missed without being listed',
              }),
            })
            .meta({
              id: 'Run',
              examples: [runExample],
            }),
        ),
        next_before: instantText
          .nullable()
          .meta({ description: '`before` for the next page; null on the last' }),
      }),
      examples: [{ items: [runExample], next_before: runExample.scheduled_time }],
    },
  },
  errors: [404, 503],
  cacheControl: revalidate,
} satisfies Route;
