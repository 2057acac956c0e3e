import * as z from 'zod';
import { must } from '../../runtime/must';
import type { Route } from '../route';

const wholeNumber = must('the id of a maintenance window');

export const route = {
  name: 'deleteMaintenance',
  method: 'delete',
  path: '/alerts/maintenance/{id}',
  summary: 'End a maintenance window now, or call it off',
  scope: 'write',
  params: z.strictObject({
    id: z
      .string(wholeNumber)
      .regex(/^[1-9]\d{0,14}$/, wholeNumber)
      .meta({ examples: ['1'] }),
  }),
  responses: { 204: { description: 'Gone' } },
  errors: [404, 503],
} satisfies Route;
