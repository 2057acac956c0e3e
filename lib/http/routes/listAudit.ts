import * as z from 'zod';
import { instantText } from '../../runtime/instant';
import { modelId } from '../../schedule/modelId';
import { count, pageLimit } from '../parameters';
import type { Route } from '../route';

const entry = z.object({
  id: z.int(),
  at: instantText,
  caller: z.string().meta({ description: 'The name of the token' }),
  action: z.enum(['put rule', 'delete rule', 'snooze', 'add maintenance', 'delete maintenance']),
  model_id: modelId.nullable(),
  tag: z.string().nullable(),
  rule: z.string().nullable(),
  before: z.unknown(),
  after: z.unknown(),
});

const example: z.output<typeof entry> = {
  id: 7,
  at: '2026-03-01T12:00:00.000Z',
  caller: 'dashboard',
  action: 'put rule',
  model_id: '550e8400-e29b-41d4-a716-446655440000',
  tag: null,
  rule: 'accuracy-low',
  before: null,
  after: { metric: 'accuracy', below: 0.8 },
};

export const route = {
  name: 'listAudit',
  method: 'get',
  path: '/alerts/audit',
  summary: 'See who changed which rule, snooze or maintenance window, the newest first',
  scope: 'read',
  query: z.strictObject({
    limit: pageLimit,
    before: count(1, 999_999_999, 999_999_999).meta({ description: 'Only entries with a lower id' }),
  }),
  responses: {
    200: {
      description: 'A page of entries',
      schema: z.object({ items: z.array(entry) }),
      examples: [{ items: [example] }],
    },
  },
  errors: [503],
} satisfies Route;
