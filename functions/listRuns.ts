import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/listRuns';
import type { Database } from '../lib/postgres/database';
import { compare } from '../lib/runs/comparison';
import { type EarlierRevision, toResult, toRevision } from '../lib/runs/result';
import type { Run } from '../lib/runs/run';
import { database } from '../lib/runtime/clients';
import type { Reference } from '../lib/schedule/schedule';
import isKnownModelSql from '../sql/queries/isKnownModel.sql';
import listRunsSql from '../sql/queries/listRuns.sql';

/** A row of listRuns.sql. */
type Found = Run & {
  missed_before: number | null;
  data_deleted: boolean;
  reference: Reference | null;
  revisions: EarlierRevision[] | null;
};

const compared = (run: Found) => {
  const result = toResult(run);
  return { ...result, reference: run.reference && compare(result, run.reference) };
};

type Asked = Omit<Input<typeof route>, 'revisions'> & { revisions?: boolean };

/** A page of a model's runs, newest first. */
export const listRuns =
  ({ db }: { db: Database }) =>
  async ({ model_id, limit, before, revisions = false }: Asked): Promise<Output<typeof route>> => {
    const found = await db.query<Found>(listRunsSql, [model_id, before, limit + 1, revisions]);
    if (found.length === 0) {
      const [known] = await db.query(isKnownModelSql, [model_id]);
      if (!known) throw new Problem(404, `model ${model_id} has no schedule and no run`);
    }
    const page = found.slice(0, limit);
    return {
      status: 200,
      body: {
        items: page.map((run) => ({
          ...compared(run),
          trigger: run.trigger,
          started_at: run.started_at.toISOString(),
          missed_before: run.missed_before,
          data_deleted: run.data_deleted,
          revisions: run.revisions?.map(toRevision) ?? [],
        })),
        next_before: found.length > limit ? (page.at(-1)?.scheduled_time.toISOString() ?? null) : null,
      },
    };
  };

export const handler = httpHandler(route, async () => listRuns({ db: database() }));
