import * as z from 'zod';
import { instant, notInTheFuture } from '../../runtime/instant';
import { backfillExample, backfillSchema } from '../../schedule/backfill';
import { modelParams } from '../parameters';
import type { Route } from '../route';

export const route = {
  name: 'backfill',
  method: 'post',
  path: '/schedule/{model_id}/backfill',
  summary: 'Run a model for due times that have passed',
  description:
    'Up to 10,000 due times of the schedule as it is now, each with the data of its time: its window of predictions, or the newest sample row by then. A due time that has a run keeps it, so that the same again does no harm. The runs come in the background, two at a time; no alert is told of them.',
  scope: 'write',
  params: modelParams,
  body: z
    .strictObject({
      from: instant.refine(...notInTheFuture),
      to: instant.refine(...notInTheFuture),
    })
    .refine(({ from, to }) => from <= to, { path: ['to'], message: 'must not be before from' })
    .meta({ id: 'BackfillRange', examples: [{ from: '2026-02-01T00:00:00Z', to: '2026-03-01T00:00:00Z' }] }),
  responses: {
    202: { description: 'How it stands', schema: backfillSchema, examples: [backfillExample] },
  },
  errors: [404, 409, 503],
} satisfies Route;
