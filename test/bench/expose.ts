import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Client } from 'pg';
import { insertFleet } from '../dashboard/fleet';
import { eventOf } from '../http/event';
import { quantile, round, timed } from './numbers';
import { type Stage, startStores } from './stage';

/** Three metrics for each run that has one. */
const writeMetrics = `UPDATE runs
  SET details = jsonb_build_object('metrics', jsonb_build_object('accuracy', accuracy, 'f1_macro', accuracy, 'log_loss', 0.5))
  WHERE accuracy IS NOT NULL`;

const fill = async (url: string, models: number) => {
  const client = new Client({ connectionString: url });
  await client.connect();
  await insertFleet(client, url, { models, runsEach: 2 });
  await client.query(writeMetrics);
  await client.query('VACUUM ANALYZE');
  await client.end();
};

/** GET /metrics of many models, packed, called in this process as Lambda calls it. */
export const benchExpose = async (stage: Stage) => {
  const rows = [];
  for (const models of stage.small ? [100] : [1000, 10_000]) {
    const stores = await startStores(stage, `expose${models}`);
    await fill(stores.databaseUrl, models);
    Object.assign(process.env, { DATABASE_URL: stores.databaseUrl, API_ACCESS: 'local' });
    const file = resolve('.build/functions/exposeMetrics.js');
    const load = createRequire(file);
    delete load.cache[file]; // its pool is of the stores before
    const { handler } = load(file);
    const event = eventOf({ headers: { 'accept-encoding': 'gzip' } });
    let packed = Buffer.alloc(0);
    const ms = await timed(stage.small ? 20 : 30, async () => {
      const { statusCode, body } = await handler(event);
      if (statusCode !== 200) throw new Error(`metrics: ${statusCode} ${body}`);
      packed = Buffer.from(body, 'base64');
    });
    const text = gunzipSync(packed).toString();
    rows.push({
      models,
      series: text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length,
      'MB of text': round(text.length / 1e6),
      'MB packed': round(packed.length / 1e6),
      'p50 ms': round(quantile(ms, 0.5), 0),
      'p99 ms': round(quantile(ms, 0.99), 0),
    });
    await stores.stop();
  }
  return { rows };
};
