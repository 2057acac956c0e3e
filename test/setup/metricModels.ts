import { addPredictions } from '../../functions/addPredictions';
import { getReport } from '../../functions/getReport';
import { overview } from '../../functions/overview';
import { schedule } from '../../functions/schedule';
import { updateSchedule } from '../../functions/updateSchedule';
import { httpHandler } from '../../lib/http/handler';
import { route as predictionsRoute } from '../../lib/http/routes/addPredictions';
import { route as overviewRoute } from '../../lib/http/routes/overview';
import { route as scheduleRoute } from '../../lib/http/routes/schedule';
import { route as updateRoute } from '../../lib/http/routes/updateSchedule';
import { eventOf } from '../http/event';
import { modelsOf } from './models';
import { minutesAgo } from './time';
import { modelNamed, type World } from './world';

/** What users do with models and their metrics, by requests; each model of a test's own. */
export const metricModelsOf = (world: World) => {
  const models = modelsOf(world);
  let last = 0;
  const next = () => ++last;

  const post = (n: number, settings: object = {}) =>
    httpHandler(scheduleRoute, async () => schedule(world))(
      eventOf({
        body: JSON.stringify({ model_id: modelNamed(n), cron_expression: '0 3 * * *', ...settings }),
      }),
    );

  const predict = async (n: number, columns: object) => {
    const answer = await httpHandler(predictionsRoute, async () => addPredictions(world))(
      eventOf({ params: { model_id: modelNamed(n) }, body: JSON.stringify(columns) }),
    );
    if (answer.statusCode !== 201) throw new Error(answer.body);
  };

  return {
    ...models,
    next,
    post,
    patch: (n: number, changes: object) =>
      httpHandler(updateRoute, async () => updateSchedule(world))(
        eventOf({ params: { model_id: modelNamed(n) }, body: JSON.stringify(changes) }),
      ),
    predict,
    /** Run, so many minutes ago, over a sample row of its own. */
    runOver: async (n: number, columns: object, minutes: number) => {
      await predict(n, columns);
      return models.run(n, minutesAgo(minutes));
    },
    /** A model with these settings and this sample row, run an hour ago. */
    ran: async (settings: object, columns: object) => {
      const n = next();
      const answer = await post(n, settings);
      if (answer.statusCode !== 201) throw new Error(answer.body);
      await predict(n, columns);
      await models.run(n, minutesAgo(60));
      return n;
    },
    report: async (n: number) => (await getReport(world)({ model_id: modelNamed(n) })).body,
    list: async (query: Record<string, string>) =>
      (await overview(world)(overviewRoute.query.parse(query))).body,
    listed: async (n: number) =>
      (await overview(world)(overviewRoute.query.parse({ q: modelNamed(n) }))).body.items[0],
  };
};
