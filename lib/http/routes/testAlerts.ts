import * as z from 'zod';
import type { Route } from '../route';

export const route = {
  name: 'testAlerts',
  method: 'post',
  path: '/alerts/test',
  summary: 'Send a test to each channel, and see what it says',
  scope: 'write',
  query: z.strictObject({
    channel: z.string().max(50).optional().meta({ description: 'Only to this one' }),
  }),
  responses: {
    200: {
      description: 'What each channel said',
      schema: z.object({
        channels: z.array(
          z.object({ channel: z.string(), ok: z.boolean(), answer: z.string(), ms: z.int().min(0) }),
        ),
      }),
      examples: [{ channels: [{ channel: 'ops', ok: true, answer: 'answered 204', ms: 120 }] }],
    },
  },
  errors: [404],
} satisfies Route;
