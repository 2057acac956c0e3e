import * as z from 'zod';
import { instant } from '../../runtime/instant';
import { scheduleSchema } from '../../schedule/schedule';
import { modelParams } from '../parameters';
import type { Route } from '../route';

export const route = {
  name: 'setReference',
  method: 'put',
  path: '/schedule/{model_id}/reference',
  summary: 'Compare later runs with this one',
  description: 'Its numbers are kept when the run itself is deleted for its age.',
  scope: 'write',
  params: modelParams,
  body: z
    .strictObject({
      scheduled_time: instant.optional().meta({ description: 'Of the run; the newest one if left out' }),
    })
    .meta({ id: 'ReferenceRun', examples: [{}] }),
  responses: { 200: { description: 'The schedule as it is now', schema: scheduleSchema } },
  errors: [404, 503],
} satisfies Route;
