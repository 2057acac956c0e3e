import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/backfill';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import { env } from '../lib/runtime/env';
import { describeBackfill, type FoundBackfill, maxDues } from '../lib/schedule/backfill';
import { parseCron, previousDues } from '../lib/schedule/cron/cron';
import { graceMs } from '../lib/schedule/plan';
import { type Schedule, unreadable } from '../lib/schedule/schedule';
import getScheduleSql from '../sql/queries/getSchedule.sql';
import readBackfillSql from '../sql/queries/readBackfill.sql';
import startBackfillSql from '../sql/queries/startBackfill.sql';
import takeTurnSql from '../sql/queries/takeTurn.sql';

const dayMs = 86_400_000;

interface Deps {
  db: Database;
  /** Runs of older due times are deleted. */
  keepDays: number;
}

const wrong = (path: string, message: string) =>
  new Problem(400, 'there is nothing to run, see "errors"', { errors: [{ path, message }] });

/** @throws Problem */
const duesOf = (schedule: Schedule, from: Date, to: Date): Date[] => {
  const why = unreadable(schedule);
  if (why) throw new Problem(400, `the stored schedule is wrong: ${why}`);
  const cron = parseCron(schedule.cron_expression);
  // What may still run in time, and be told of, is left to that.
  const until = new Date(Math.min(to.getTime(), Date.now() - graceMs(schedule)));
  const dues = previousDues(cron, schedule.timezone, until, maxDues + 1, from);
  if (dues.length === 0) throw wrong('from', 'no due time that has passed lies between from and to');
  const [oldest] = dues.slice(0, maxDues).slice(-1) as [Date];
  if (dues.length > maxDues)
    throw wrong(
      'from',
      `more than ${maxDues} due times lie between: begin at ${oldest.toISOString()} or later`,
    );
  return dues.reverse();
};

/** Has a model run for due times that have passed; watch does so. */
export const backfill =
  ({ db, keepDays }: Deps) =>
  async ({ model_id, from, to }: Input<typeof route>): Promise<Output<typeof route>> => {
    if (from.getTime() < Date.now() - keepDays * dayMs)
      throw wrong('from', `must be within the last ${keepDays} days: older runs are deleted`);
    return db.transaction(async (connection) => {
      await connection.query(takeTurnSql, [model_id]);
      const [schedule] = await connection.query<Schedule>(getScheduleSql, [model_id]);
      if (!schedule) throw new Problem(404, `model ${model_id} has no schedule`);
      const read = () => connection.query<FoundBackfill>(readBackfillSql, [model_id]);
      const [running] = (await read()).filter(({ waiting }) => waiting > 0);
      const isSame = running && +running.from_time === +from && +running.to_time === +to;
      if (running && !isSame)
        throw new Problem(
          409,
          'another backfill of this model is running: cancel it, or wait until it is done',
        );
      if (!isSame) await connection.query(startBackfillSql, [model_id, from, to, duesOf(schedule, from, to)]);
      const [found] = (await read()) as [FoundBackfill];
      return { status: 202, body: describeBackfill(found) };
    });
  };

export const handler = httpHandler(route, async () =>
  backfill({ db: database(), keepDays: env('RUNS_KEEP_DAYS') }),
);
