import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from } from 'pg-copy-streams';
import { watch } from '../../functions/watch';
import { openDatabase } from '../../lib/postgres/database';
import readHealthSql from '../../sql/queries/readHealth.sql';
import { modelNamed, recordingInvoker } from '../setup/world';
import { quantile, round, timed } from './numbers';
import { type Service, type Stage, startService } from './stage';
import { readMs } from './window';

/** In a request: 3.7 MB of NDJSON. */
const rowsInRequest = 40_000;
const minuteMs = 60_000;

interface Row {
  id: string;
  y_pred: number;
  timestamp: string;
  country: string;
}

let made = 0;

/** Predictions that nobody has sent before. */
const newRows = (): Row[] => {
  const batch = made++;
  return Array.from({ length: rowsInRequest }, (_, n) => ({
    id: `${batch}-${String(n).padStart(7, '0')}`,
    y_pred: n % 5,
    timestamp: new Date(Date.now() - 60 * minuteMs + n).toISOString(),
    country: ['DE', 'FR', 'IT'][n % 3] as string,
  }));
};

const formats = {
  CSV: {
    type: 'text/csv',
    of: (rows: Row[]) =>
      `id,y_pred,timestamp,country\n${rows.map((row) => `${Object.values(row).join(',')}\n`).join('')}`,
  },
  NDJSON: {
    type: 'application/x-ndjson',
    of: (rows: Row[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  },
};

type Format = keyof typeof formats;

const post = async ({ url }: Service, path: string, type: string, body: string) => {
  const answer = await fetch(`${url}/${path}`, { method: 'POST', headers: { 'content-type': type }, body });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text}`);
};

/** @returns rows a second */
const rate = async (work: () => Promise<unknown>) => {
  const start = performance.now();
  await work();
  return (rowsInRequest * 1000) / (performance.now() - start);
};

const upload = (service: Service, format: Format, model = 0) => {
  const { type, of } = formats[format];
  const body = of(newRows());
  return rate(() => post(service, `predictions/${modelNamed(model)}`, type, body));
};

const uploadLabels = (service: Service, model = 0) => {
  const ids = newRows().map(({ id }) => `{"id":"${id}","y_true":1}\n`);
  return rate(() => post(service, `labels/${modelNamed(model)}`, formats.NDJSON.type, ids.join('')));
};

/** The same rows by COPY into a table with the same columns, keys and index, and no triggers. */
const copy = async (client: Client) => {
  const cells = ({ id, y_pred, timestamp, country }: Row) =>
    `${modelNamed(0)}\t${id}\t${y_pred}\t${timestamp}\t{"country": "${country}"}\n`;
  const text = newRows().map(cells).join('');
  const into = 'COPY equal_predictions (model_id, id, y_pred, "timestamp", segments) FROM STDIN';
  return rate(() => pipeline(Readable.from([text]), client.query(from(into))));
};

const median = (values: number[]) => quantile(values, 0.5);

const besideCopy = async (service: Service, client: Client, times: number) => {
  const found: Record<Format | 'COPY', number[]> = { CSV: [], NDJSON: [], COPY: [] };
  for (let n = 0; n < times; n++) {
    found.CSV.push(await upload(service, 'CSV'));
    found.COPY.push(await copy(client));
    found.NDJSON.push(await upload(service, 'NDJSON'));
  }
  const copied = median(found.COPY.slice(1));
  return Object.entries(found).map(([by, rates]) => ({
    by,
    'rows/s': round(median(rates.slice(1)), 0),
    'of COPY': round(median(rates.slice(1)) / copied),
  }));
};

/** Predictions of a thousand models in the last eighty days, as if they had come in the order of their times. */
const fill = async ({ sql }: Service, count: number) => {
  for (let at = 0; at < count; at += 1_000_000) {
    await sql(
      `WITH off AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', false))
      INSERT INTO predictions (model_id, id, "timestamp", y_pred, y_true, segments)
      SELECT ('00000000-0000-4000-8000-' || lpad((1000 + n % 1000)::text, 12, '0'))::uuid, 'row-' || n / 1000,
        now() - interval '80 days' + n * (interval '80 days' / $3::bigint), (n % 5)::text::json, (n % 4)::text::json,
        '{"country": "DE"}'
      FROM off, generate_series($1::bigint, $2::bigint - 1) AS n`,
      [at, Math.min(count, at + 1_000_000), count],
    );
  }
};

const fillOrphans = ({ sql }: Service, count: number) =>
  sql(
    `WITH off AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', false))
    INSERT INTO labels (model_id, id, y_true)
    SELECT ('00000000-0000-4000-8000-' || lpad((n % 1000)::text, 12, '0'))::uuid, 'orphan-' || n, '1'
    FROM off, generate_series(1, $1::bigint) AS n`,
    [count],
  );

/** What uploads, a window, watch and health cost beside so many predictions and waiting labels. */
const measure = async (service: Service, client: Client, rows: number, orphans: number, times: number) => {
  await service.sql('TRUNCATE equal_predictions');
  await service.sql('VACUUM ANALYZE');
  await service.sql('CHECKPOINT');
  const rates: Record<'CSV' | 'labels' | 'COPY', number[]> = { CSV: [], labels: [], COPY: [] };
  for (let n = 0; n < times; n++) {
    rates.CSV.push(await upload(service, 'CSV'));
    rates.labels.push(await uploadLabels(service, 1));
    rates.COPY.push(await copy(client));
  }
  const url = service.env.DATABASE_URL as string;
  const db = openDatabase(url, 1, 60_000);
  const look = watch({ db, runs: recordingInvoker() });
  const found = {
    predictions: rows,
    orphans,
    'predictions/s': round(median(rates.CSV), 0),
    'of COPY into an empty table': round(median(rates.CSV) / median(rates.COPY)),
    'labels/s': round(median(rates.labels), 0),
    'window of 100,000, ms': round(await readMs(db, modelNamed(2), 7), 1),
    'watch ms': round(median(await timed(10, look)), 1),
    'health ms': round(median(await timed(10, () => db.query(readHealthSql))), 1),
  };
  await db.end();
  return found;
};

const insertWindow = ({ sql }: Service, count: number) =>
  sql(
    `INSERT INTO predictions (model_id, id, "timestamp", y_pred, y_true)
    SELECT $1, 'row-' || n, now() - interval '2 hours' + n * interval '1 millisecond', (n % 5)::text::json, (n % 4)::text::json
    FROM generate_series(1, $2::int) AS n`,
    [modelNamed(2), count],
  );

/** Uploads over HTTP beside COPY, and what they cost with many predictions, and with many labels that wait. */
export const benchUploads = async (stage: Stage) => {
  const service = await startService(stage, 'uploads');
  const [count, orphans, times] = stage.small
    ? [100_000, 100_000, 3]
    : [Number(process.env.BENCH_PREDICTIONS ?? 20_000_000), 10_000_000, 7];
  const client = new Client({ connectionString: service.env.DATABASE_URL });
  await client.connect();
  await client.query('CREATE TABLE equal_predictions (LIKE predictions INCLUDING ALL)');
  const rows = await besideCopy(service, client, times + 1);
  await service.sql('TRUNCATE predictions, labels');
  await insertWindow(service, 100_000);
  const growth = [await measure(service, client, 100_000, 0, times)];
  await fill(service, count);
  growth.push(await measure(service, client, count, 0, times));
  await fillOrphans(service, orphans);
  growth.push(await measure(service, client, count, orphans, times));
  await client.end();
  await service.stop();
  return { rows, growth };
};
