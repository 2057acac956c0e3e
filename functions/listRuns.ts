import * as z from 'zod';
import { endpoint } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import { type Answer, type Input, type Route, revalidate } from '../lib/http/route';
import { type Database, query } from '../lib/postgres/database';
import { type Run, resultExample, resultSchema, toResult, trigger } from '../lib/runs/result';
import { database } from '../lib/runtime/clients';
import { instant, instantText, modelParams, pageLimit } from '../lib/schedule/fields';
import isKnownModelSql from '../sql/queries/isKnownModel.sql';
import listRunsSql from '../sql/queries/listRuns.sql';

const runExample = { ...resultExample, trigger: 'schedule', started_at: '2026-03-01T12:00:00.100Z' };

export const route = {
  name: 'listRuns',
  method: 'get',
  path: '/results/{model_id}/history',
  summary: "List a model's runs, newest first, a page at a time",
  scope: 'read',
  params: modelParams,
  query: z.strictObject({
    limit: pageLimit,
    before: instant.optional().meta({ description: 'Only runs with a due time before this' }),
  }),
  answers: {
    200: {
      description: 'A page of runs',
      schema: z.object({
        items: z.array(
          resultSchema.extend({ trigger, started_at: instantText }).meta({
            id: 'Run',
            examples: [runExample],
          }),
        ),
        next_before: instantText
          .nullable()
          .meta({ description: '`before` for the next page; null on the last' }),
      }),
      examples: [{ items: [runExample], next_before: runExample.scheduled_time }],
    },
  },
  problems: [404, 503],
  cacheControl: revalidate,
} satisfies Route;

/** A page of a model's runs, newest first. */
export const listRuns =
  ({ db }: { db: Database }) =>
  async ({ model_id, limit, before }: Input<typeof route>): Promise<Answer<typeof route>> => {
    const found = await query<Run>(db, listRunsSql, [model_id, before, limit + 1]);
    if (found.length === 0) {
      const [known] = await query(db, isKnownModelSql, [model_id]);
      if (!known) throw new Problem(404, `model ${model_id} has no schedule and no run`);
    }
    const page = found.slice(0, limit);
    return {
      status: 200,
      body: {
        items: page.map((run) => ({
          ...toResult(run),
          trigger: run.trigger,
          started_at: run.started_at.toISOString(),
        })),
        next_before: found.length > limit ? (page.at(-1)?.scheduled_time.toISOString() ?? null) : null,
      },
    };
  };

export const handler = /* @__PURE__ */ endpoint(route, async () => listRuns({ db: database() }));
