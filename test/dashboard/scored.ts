import type { Dashboard } from './browser';

/** Numbers that look random and are the same each time. */
export const randomFrom = (seed: number) => () => {
  seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
  return seed / 2 ** 32;
};

interface Batch {
  y_true: (string | number | null)[];
  y_pred: (string | number)[];
  y_score?: number[];
}

/** Labels of which so many are right; a wrong one is taken for one of its neighbours. */
export const batchOf = (
  labels: (string | number)[],
  samples: number,
  right: number,
  seed: number,
  unlabelled = 0,
): Batch => {
  const random = randomFrom(seed);
  const places = Array.from({ length: samples }, () => Math.floor(random() ** 1.5 * labels.length));
  const taken = places.map((at) =>
    random() < right ? at : (at + 1 + Math.floor(random() * 2)) % labels.length,
  );
  return {
    y_true: places.map((at) => (random() < unlabelled ? null : (labels[at] as string))),
    y_pred: taken.map((at) => labels[at] as string),
  };
};

const send = async ({ url }: Dashboard, method: string, path: string, body?: object) => {
  const response = await fetch(`${url}/${path}`, {
    method,
    headers: { authorization: 'Bearer writer', 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(await response.text());
};

/** A model that has run over each of these batches, a day between two; the first may be its reference. */
export const addScored = async (
  dashboard: Dashboard,
  model_id: string,
  settings: object,
  batches: object[],
  pinned = false,
): Promise<void> => {
  await send(dashboard, 'POST', 'schedule', { model_id, cron_expression: '0 6 * * *', ...settings });
  for (const [at, batch] of batches.entries()) {
    await send(dashboard, 'POST', `predictions/${model_id}`, batch);
    await send(dashboard, 'POST', `schedule/${model_id}/run`);
    if (at === 0 && pinned) await send(dashboard, 'PUT', `schedule/${model_id}/reference`, {});
  }
  await dashboard.db.query(
    `UPDATE runs SET scheduled_time = runs.scheduled_time - back.days, data_timestamp = data_timestamp - back.days,
      started_at = started_at - back.days, finished_at = finished_at - back.days
    FROM (
      SELECT scheduled_time, (row_number() OVER (ORDER BY scheduled_time DESC) - 1) * interval '1 day' AS days
      FROM runs WHERE model_id = $1
    ) AS back
    WHERE model_id = $1 AND runs.scheduled_time = back.scheduled_time`,
    [model_id],
  );
};

export const putRule = (dashboard: Dashboard, model_id: string, name: string, rule: object): Promise<void> =>
  send(dashboard, 'PUT', `alerts/${model_id}/${name}`, rule);
