import * as z from 'zod';
import { endpoint } from '../lib/http/handler';
import { type Answer, type Input, type Route, revalidate } from '../lib/http/route';
import { type Database, query } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import { modelId, pageLimit } from '../lib/schedule/fields';
import { describeSchedule, type Schedule, scheduleExample, scheduleSchema } from '../lib/schedule/schedule';
import listSchedulesSql from '../sql/queries/listSchedules.sql';

export const route = {
  name: 'listSchedules',
  method: 'get',
  path: '/schedule',
  summary: 'List the schedules, a page at a time',
  description:
    'In an order of their own. A schedule that is there all the while is on exactly one page, whatever others are made and deleted between the requests.',
  scope: 'read',
  query: z.strictObject({
    limit: pageLimit,
    cursor: modelId.optional().meta({ description: '`next_cursor` of the page before' }),
  }),
  answers: {
    200: {
      description: 'A page of schedules',
      schema: z.object({
        items: z.array(scheduleSchema),
        next_cursor: z.string().nullable().meta({ description: 'For the next page; null on the last' }),
      }),
      examples: [{ items: [scheduleExample], next_cursor: scheduleExample.model_id }],
    },
  },
  problems: [503],
  cacheControl: revalidate,
} satisfies Route;

/** A page of schedules. The cursor is the last model_id of the page before, so it outlives its schedule. */
export const listSchedules =
  ({ db }: { db: Database }) =>
  async ({ limit, cursor }: Input<typeof route>): Promise<Answer<typeof route>> => {
    const found = await query<Schedule>(db, listSchedulesSql, [cursor, limit + 1]);
    const page = found.slice(0, limit);
    const now = new Date();
    return {
      status: 200,
      body: {
        items: page.map((schedule) => describeSchedule(schedule, now)),
        next_cursor: found.length > limit ? (page.at(-1)?.model_id ?? null) : null,
      },
    };
  };

export const handler = /* @__PURE__ */ endpoint(route, async () => listSchedules({ db: database() }));
