import * as z from 'zod';
import { windowExample, windowSchema } from '../../alerts/schemas';
import { pageLimit } from '../parameters';
import type { Route } from '../route';

export const route = {
  name: 'listMaintenance',
  method: 'get',
  path: '/alerts/maintenance',
  summary: 'List the maintenance windows that have not ended, the next first',
  scope: 'read',
  query: z.strictObject({ limit: pageLimit }),
  responses: {
    200: {
      description: 'The windows',
      schema: z.object({ items: z.array(windowSchema) }),
      examples: [{ items: [windowExample] }],
    },
  },
  errors: [503],
} satisfies Route;
