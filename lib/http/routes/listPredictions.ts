import * as z from 'zod';
import { kinds, predictionSchema, readCursor, sampleRowSchema, toCursor } from '../../samples/stored';
import { modelParams, pageLimit } from '../parameters';
import { type Route, revalidate } from '../route';

const next = toCursor({ at: '2026-03-01 11:58:30+00', id: '1' });

export const route = {
  name: 'listPredictions',
  method: 'get',
  path: '/predictions/{model_id}',
  summary: "List a model's sample rows, or its predictions by id, newest first, a page at a time",
  scope: 'read',
  params: modelParams,
  query: z
    .strictObject({
      of: z.enum(kinds).default('rows'),
      limit: pageLimit,
      before: z
        .string()
        .max(1000)
        .optional()
        .meta({ format: 'cursor', examples: [next] }),
    })
    .refine(({ of, before }) => before === undefined || readCursor(of, before), {
      path: ['before'],
      message: 'must be the next_before of the page before',
    }),
  responses: {
    200: {
      description: 'A page; next_before is null on the last',
      schema: z.object({
        items: z.array(z.union([sampleRowSchema, predictionSchema])),
        next_before: z.string().nullable(),
      }),
      examples: [
        { items: [{ results_id: 1, timestamp: '2026-03-01T11:58:30.000Z', bytes: 72 }], next_before: next },
      ],
    },
  },
  errors: [503],
  cacheControl: revalidate,
} satisfies Route;
