import * as z from 'zod';
import { instant, instantText } from '../../runtime/instant';
import { count, modelParams } from '../parameters';
import { type Route, revalidate } from '../route';

export const route = {
  name: 'listMissed',
  method: 'get',
  path: '/results/{model_id}/missed',
  summary: 'List the due times that were missed, newest first',
  description:
    'A due time is missed when its run has not come two minutes after its window. A run that comes later takes it off this list. After a long time without runs only the last hundred due times are listed, and the others counted.',
  scope: 'read',
  params: modelParams,
  query: z.strictObject({
    after: instant.optional().meta({ description: 'Only due times later than this' }),
    limit: count(1, 1000, 100).meta({ description: 'How many to answer at most' }),
  }),
  responses: {
    200: {
      description: 'Due times without a run',
      schema: z.object({
        items: z.array(instantText),
        unlisted: z.int().min(0).meta({ description: 'How many more were missed among or before these' }),
      }),
      examples: [{ items: ['2026-03-01T12:05:00.000Z'], unlisted: 0 }],
    },
  },
  errors: [404, 503],
  cacheControl: revalidate,
} satisfies Route;
