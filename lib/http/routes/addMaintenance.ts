import * as z from 'zod';
import { windowExample, windowSchema } from '../../alerts/schemas';
import { instant } from '../../runtime/instant';
import { tag } from '../../schedule/fields';
import { modelId } from '../../schedule/modelId';
import type { Route } from '../route';

export const route = {
  name: 'addMaintenance',
  method: 'post',
  path: '/alerts/maintenance',
  summary: 'Let nobody be told of alerts for a while',
  description: 'Of one model, of all models of a tag, or of any. What is still so at its end is told then.',
  scope: 'write',
  body: z
    .strictObject({
      starts_at: instant,
      ends_at: instant,
      note: z.string().trim().min(1, 'is required: why').max(1000),
      model_id: modelId.nullable().default(null),
      tag: tag.nullable().default(null),
    })
    .superRefine(({ starts_at, ends_at, model_id, tag }, context) => {
      if (ends_at <= starts_at)
        context.addIssue({ code: 'custom', path: ['ends_at'], message: 'must be after starts_at' });
      if (model_id !== null && tag !== null)
        context.addIssue({ code: 'custom', path: ['tag'], message: 'goes without model_id' });
    })
    .meta({
      examples: [
        {
          starts_at: '2026-03-01T22:00:00Z',
          ends_at: '2026-03-02T02:00:00Z',
          note: 'The warehouse moves',
          tag: 'production',
        },
      ],
    }),
  responses: {
    201: { description: 'The window', schema: windowSchema, examples: [windowExample] },
  },
  errors: [503],
} satisfies Route;
