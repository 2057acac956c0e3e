import { resultExample, resultSchema } from '../../runs/result';
import { modelParams } from '../parameters';
import type { Route } from '../route';

export const route = {
  name: 'runNow',
  method: 'post',
  path: '/schedule/{model_id}/run',
  summary: 'Run now',
  description:
    'Whatever the schedule says, also while it is paused. Send content-type: application/json, though there is no body.',
  scope: 'write',
  params: modelParams,
  responses: {
    200: { description: 'What the run found', schema: resultSchema, examples: [resultExample] },
  },
  errors: [404, 503],
} satisfies Route;
