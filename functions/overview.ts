import type * as z from 'zod';
import { httpHandler } from '../lib/http/handler';
import type { Input, Output } from '../lib/http/route';
import { type modelSchema, route } from '../lib/http/routes/overview';
import { catalogue } from '../lib/metrics/catalogue';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import { countStatuses, listModels, type Model } from '../lib/schedule/modelList';
import { nextRunAt, wordsFor } from '../lib/schedule/schedule';

const recentRuns = 30;

/** Whether a higher value of its first metric is better, or a lower one. A key may end in parameters: fbeta_2. */
const betterOf = ({ metric }: Model): 'higher' | 'lower' =>
  catalogue.find(({ name }) => metric === name || metric.startsWith(`${name}_`))?.better ?? 'higher';

const describeModel = (model: Model, now: Date): z.output<typeof modelSchema> => ({
  model_id: model.model_id,
  name: model.name,
  tags: model.tags,
  data_stale: model.data_stale,
  alerts: model.alerts,
  status: model.status,
  metric: model.metric,
  value: model.value,
  better: betterOf(model),
  change: model.change,
  n_samples: model.n_samples,
  data_timestamp: model.data_timestamp?.toISOString() ?? null,
  scheduled_time: model.newest_run?.toISOString() ?? null,
  computed_at: model.finished_at?.toISOString() ?? null,
  error: model.error,
  cron_expression: model.cron_expression,
  timezone: model.timezone,
  words: wordsFor(model),
  enabled: model.enabled,
  next_run_at: nextRunAt(model, now),
  recent: model.values,
});

/** A page of all models, as their states say. */
export const overview =
  ({ db }: { db: Database }) =>
  async (page: Input<typeof route>): Promise<Output<typeof route>> => {
    const now = new Date();
    const counts = await countStatuses(db, page);
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const total = page.status ? counts[page.status] : all;
    const models = await listModels(db, page, total, recentRuns);
    return {
      status: 200,
      body: { items: models.map((model) => describeModel(model, now)), total, counts },
    };
  };

export const handler = httpHandler(route, async () => overview({ db: database() }));
