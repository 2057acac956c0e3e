import * as z from 'zod';

import type { Route } from '../route';

export const route = {
  name: 'openapi',
  method: 'get',
  path: '/openapi.json',
  summary: 'This document',
  responses: {
    200: {
      description: 'OpenAPI 3.1',
      schema: z.looseObject({ openapi: z.string() }),
      examples: [{ openapi: '3.1.0' }],
    },
  },
  cacheControl: 'public, max-age=60',
} satisfies Route;
