import * as z from 'zod';
import { endpoint } from '../lib/http/handler';
import { openApiDocument } from '../lib/http/openApi';
import type { Answer, Route } from '../lib/http/route';
import { route as addPredictions } from './addPredictions';
import { route as deleteSchedule } from './deleteSchedule';
import { route as getResult } from './getResult';
import { route as getSchedule } from './getSchedule';
import { route as health } from './health';
import { route as listMissed } from './listMissed';
import { route as listRuns } from './listRuns';
import { route as listSchedules } from './listSchedules';
import { route as overview } from './overview';
import { route as previewSchedule } from './previewSchedule';
import { route as runNow } from './runNow';
import { route as schedule } from './schedule';
import { route as updateSchedule } from './updateSchedule';

export const route = {
  name: 'openapi',
  method: 'get',
  path: '/openapi.json',
  summary: 'This document',
  answers: {
    200: {
      description: 'OpenAPI 3.1',
      schema: z.looseObject({ openapi: z.string() }),
      examples: [{ openapi: '3.1.0' }],
    },
  },
  cacheControl: 'public, max-age=60',
} satisfies Route;

/** Every call of the API. A bundle that imports this gets the routes, not what serves them (see lib/endpoint.ts). */
export const routes: readonly Route[] = [
  schedule,
  listSchedules,
  previewSchedule,
  getSchedule,
  updateSchedule,
  deleteSchedule,
  runNow,
  getResult,
  listRuns,
  listMissed,
  overview,
  addPredictions,
  health,
  route,
];

/** The API's description, made of what validates its requests. */
export const openapi = () => {
  const document = { ...openApiDocument(routes) };
  return async (): Promise<Answer<typeof route>> => ({ status: 200, body: document });
};

export const handler = /* @__PURE__ */ endpoint(route, async () => openapi());
