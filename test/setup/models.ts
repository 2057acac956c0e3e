import { computeAccuracy } from '../../functions/computeAccuracy';
import { getResult } from '../../functions/getResult';
import { listMissed } from '../../functions/listMissed';
import { listRuns } from '../../functions/listRuns';
import { schedule } from '../../functions/schedule';
import { updateSchedule } from '../../functions/updateSchedule';
import type { Settings } from '../../lib/schedule/schedule';
import { modelNamed, settingsOf, type World } from './world';

interface State {
  effective_from: Date;
  next_due: Date | null;
  expected_by: Date | null;
}

/** What users do with models, by their numbers. */
export const modelsOf = (world: World) => ({
  /** By SQL, as somebody does who knows the tables; in force since a moment ago. */
  insert: (n: number, settings: Partial<Settings>, since: Date) => {
    const { model_id, cron_expression, timezone, enabled, flexible_window_minutes, catch_up } = settingsOf(
      n,
      settings,
    );
    return world.db.query(
      `INSERT INTO metrics_executions (model_id, cron_expression, timezone, enabled, flexible_window_minutes, catch_up,
        created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
      [model_id, cron_expression, timezone, enabled, flexible_window_minutes, catch_up, since],
    );
  },
  post: (n: number, settings: Partial<Settings> = {}) => schedule(world)(settingsOf(n, settings)),
  patch: (n: number, changes: Partial<Omit<Settings, 'model_id'>>) =>
    updateSchedule(world)({
      cron_expression: undefined,
      timezone: undefined,
      enabled: undefined,
      flexible_window_minutes: undefined,
      catch_up: undefined,
      task: undefined,
      metrics: undefined,
      pos_label: undefined,
      labels: undefined,
      name: undefined,
      description: undefined,
      tags: undefined,
      max_data_age_minutes: undefined,
      ...changes,
      model_id: modelNamed(n),
    }),
  run: (n: number, scheduled_time: Date, trigger: 'schedule' | 'manual' = 'schedule') =>
    computeAccuracy(world)({ model_id: modelNamed(n), scheduled_time, trigger }),
  missed: async (n: number, limit = 1000) =>
    (await listMissed(world)({ model_id: modelNamed(n), limit, after: undefined })).body,
  history: async (n: number) =>
    (await listRuns(world)({ model_id: modelNamed(n), limit: 100, before: undefined })).body.items,
  result: async (n: number) => (await getResult(world)({ model_id: modelNamed(n) })).body,
  state: async (n: number) => {
    const sql = 'SELECT effective_from, next_due, expected_by FROM model_states WHERE model_id = $1';
    const [state] = await world.db.query<State>(sql, [modelNamed(n)]);
    return state as State;
  },
});
