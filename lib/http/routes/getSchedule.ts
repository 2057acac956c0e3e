import { scheduleSchema } from '../../schedule/schedule';
import { modelParams } from '../parameters';
import { type Route, revalidate } from '../route';

export const route = {
  name: 'getSchedule',
  method: 'get',
  path: '/schedule/{model_id}',
  summary: "Read a model's schedule",
  scope: 'read',
  params: modelParams,
  responses: { 200: { description: 'The schedule', schema: scheduleSchema } },
  errors: [404, 503],
  cacheControl: revalidate,
} satisfies Route;
