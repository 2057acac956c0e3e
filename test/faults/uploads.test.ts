import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { openDatabase } from '../../lib/postgres/database';
import { readUpload } from '../../lib/samples/upload/readUpload';
import { storePredictions } from '../../lib/samples/upload/storeUpload';
import { freePort } from '../../localstack/ports';
import type { Child } from '../../localstack/servers/child';
import { startPostgres } from '../../localstack/servers/postgres';
import { modelNamed } from '../setup/world';
import { type Api, startApi } from './api';
import { openGate } from './gate';

// Uploads to the real API, which reaches a PostgreSQL of this file's own through a gate.

let folder: string;
let database: URL;
let postgres: Child;
let gate: Awaited<ReturnType<typeof openGate>>;
let api: Api;

const startDatabase = async () => {
  postgres = await startPostgres(join(folder, 'postgres'), database, join(folder, 'postgres.log'));
};
const start = async () => {
  api = await startApi({ DATABASE_URL: gate.url.href, REDIS_URL: process.env.TEST_REDIS_URL as string });
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'uploads-'));
  chmodSync(folder, 0o755); // PostgreSQL may run as another user
  database = new URL(`postgres://postgres:test@127.0.0.1:${await freePort()}/postgres`);
  await startDatabase();
  execFileSync(process.execPath, ['.build/migrate.js'], {
    env: { ...process.env, DATABASE_URL: database.href },
  });
  gate = await openGate(database);
  await start();
});
afterAll(async () => {
  await api.kill();
  gate.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

let n = 0;
let model_id: string;
beforeEach(() => {
  gate.shutWhen(() => false);
  model_id = modelNamed(++n);
});

const sql = async <Row = Record<string, unknown>>(text: string, values: unknown[] = [model_id]) => {
  const client = new Client({ connectionString: database.href });
  await client.connect();
  return (await client.query(text, values).finally(() => client.end())).rows as Row[];
};

/** Waits for something that will come; only jest's limit ends it. */
const until = async (holds: () => Promise<boolean>) => {
  while (!(await holds())) await sleep(20);
};

/** PostgreSQL has noticed that the API is gone, and ended its transactions. */
const connectionsEnded = () =>
  until(
    async () =>
      (await sql(`SELECT FROM pg_stat_activity WHERE application_name = 'cyclic-metrics'`, [])).length === 0,
  );

type Kind = 'predictions' | 'labels';
interface Answer {
  /** 0: there was none. */
  status: number;
  body: Record<string, number> & { detail?: string; errors?: unknown };
}

const post = (kind: Kind, body: string, type = 'text/csv'): Promise<Answer> =>
  fetch(`${api.url}/${kind}/${model_id}`, { method: 'POST', headers: { 'content-type': type }, body }).then(
    async (answer) => ({ status: answer.status, body: (await answer.json()) as Answer['body'] }),
    () => ({ status: 0, body: {} }),
  );

const count = 5000;
const ids = Array.from({ length: count }, (_, n) => `row-${n}`);
const csv = `id,y_pred,country\n${ids.map((id, n) => `${id},${n % 3},${n % 2 ? 'DE' : 'FR'}\n`).join('')}`;
const labelLines = (label: number) => ids.map((id) => `{"id":"${id}","y_true":${label}}\n`).join('');
const postLabels = (label = 1) => post('labels', labelLines(label), 'application/x-ndjson');

/** How many predictions there are, by how many ids, how many have the label, and how many labels wait. */
const stored = async (label = 1) => {
  const [row] = await sql(
    `SELECT count(*)::int AS predictions, count(DISTINCT id)::int AS ids,
      count(*) FILTER (WHERE y_true::text = '${label}')::int AS labelled,
      (SELECT count(*)::int FROM labels WHERE model_id = $1) AS waiting
    FROM predictions WHERE model_id = $1`,
  );
  return row;
};
const away = { status: 503, body: { detail: expect.stringContaining('PostgreSQL is not available') } };
const nothing = { predictions: 0, ids: 0, labelled: 0, waiting: 0 };
const all = { predictions: count, ids: count, labelled: count, waiting: 0 };

/** An answer that comes though its way should be shut ends the test. */
const heldBefore = (held: Promise<void>, answer: Promise<Answer>) =>
  Promise.race([
    held,
    answer.then(({ status, body }) => {
      throw new Error(`answered ${status} ${JSON.stringify(body)}`);
    }),
  ]);

const towardsServer = (text: string) => (bytes: Buffer, towards: string) =>
  towards === 'server' && bytes.includes(text);

/** Where a transaction is when the fault comes; whether it is committed by then. */
const moments: [what: string, shut: Parameters<typeof gate.shutWhen>[0], committed: boolean][] = [
  ['in the middle of its rows', towardsServer('row-3000'), false],
  ['before its statement', towardsServer('WITH upload AS'), false],
  ['before the commit', towardsServer('COMMIT'), false],
  [
    'when PostgreSQL has committed, unheard',
    (bytes, towards) => towards === 'client' && bytes.includes('COMMIT'),
    true,
  ],
];

const sendBoth = async (committed: boolean) => {
  const counts = committed ? { new: 0, equal: count } : { new: count, equal: 0 };
  expect(await post('predictions', csv)).toEqual({ status: 200, body: { ...counts, relabelled: 0 } });
  expect(await postLabels()).toMatchObject({ status: 200, body: { new: count, waiting: 0 } });
  expect(await stored()).toEqual(all);
};

describe.each(moments)('the API is killed %s', (_, shut, committed) => {
  test('all of an upload of predictions is there or nothing, and it may be sent again', async () => {
    const held = gate.shutWhen(shut);
    const answer = post('predictions', csv);
    await heldBefore(held, answer);
    await api.kill();
    expect((await answer).status).toBe(0);
    await connectionsEnded();
    expect(await stored()).toEqual(committed ? { ...all, labelled: 0 } : nothing);
    gate.shutWhen(() => false);
    await start();
    await sendBoth(committed);
  });
});

test('the API killed before a commit of labels: none has its label, and after a resend all have', async () => {
  await post('predictions', csv);
  const held = gate.shutWhen(towardsServer('COMMIT'));
  const answer = postLabels();
  await heldBefore(held, answer);
  await api.kill();
  expect((await answer).status).toBe(0);
  await connectionsEnded();
  expect(await stored()).toEqual({ ...all, labelled: 0 });
  gate.shutWhen(() => false);
  await start();
  await sendBoth(true);
});

test('a sender that goes in the middle of its body has stored nothing', async () => {
  const sending = request(`${api.url}/predictions/${model_id}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', 'content-length': csv.length },
  });
  const gone = new Promise((resolve) => sending.once('error', resolve).once('close', resolve));
  await new Promise((resolve) => sending.write(csv.slice(0, csv.length / 2), resolve));
  sending.destroy();
  await gone;
  expect(await post('predictions', 'id,y_pred\nanother,1\n')).toMatchObject({ body: { new: 1 } });
  expect(await stored()).toEqual({ ...nothing, predictions: 1, ids: 1 });
});

test.each(moments)(
  'PostgreSQL killed %s: 503 names it, nothing is half there, and the upload may be sent again',
  async (_, shut, committed) => {
    const held = gate.shutWhen(shut);
    const answer = post('predictions', csv);
    await heldBefore(held, answer);
    const [backend] = await sql<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'cyclic-metrics' ORDER BY query_start DESC`,
      [],
    );
    process.kill((backend as { pid: number }).pid, 'SIGKILL'); // it ends all others, and recovers
    expect(await answer).toMatchObject(away);
    gate.shutWhen(() => false);
    await until(() =>
      stored().then(
        () => true,
        () => false,
      ),
    );
    expect(await stored()).toEqual(committed ? { ...all, labelled: 0 } : nothing);
    await sendBoth(committed);
  },
);

test('PostgreSQL stopped: 503 names it, for predictions and labels; both may be sent when it is back', async () => {
  await postgres.stop();
  expect(await post('predictions', csv)).toMatchObject(away);
  expect(await postLabels()).toMatchObject(away);
  await startDatabase();
  await sendBoth(false);
});

test('PostgreSQL silent in the middle of an upload, or at its commit, is away after the timeout', async () => {
  const db = openDatabase(gate.url.href, 2, 300);
  const read = () => readUpload('predictions', { type: 'text/csv', bytes: Buffer.from(csv) }, undefined, 90);
  for (const [, shut] of moments.filter(([what]) => what !== 'before its statement')) {
    gate.shutWhen(shut);
    await expect(storePredictions(db, model_id, read())).rejects.toThrow('PostgreSQL is not available');
  }
  gate.shutWhen(() => false);
  await sendBoth(true);
  await db.end();
});

/** All that is sent meanwhile waits for its turn at the model, until `work` has ended; the transactions in line. */
const inLine = async (work: (waiting: (transactions: number) => Promise<void>) => Promise<void>) => {
  const client = new Client({ connectionString: database.href });
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT take_turn_at_predictions($1)', [model_id]);
  const waiting = (transactions: number) =>
    until(
      async () =>
        (await sql(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`, [])).length ===
        transactions,
    );
  await work(waiting).finally(() => client.end());
};

test('the same file that two send at once is there once, and their counts add up', async () => {
  let answers: Promise<Answer>[] = [];
  await inLine(async (waiting) => {
    answers = [post('predictions', csv), post('predictions', csv)];
    await waiting(2);
  });
  const bodies = (await Promise.all(answers)).map(({ body }) => body);
  expect(bodies).toEqual(
    expect.arrayContaining([
      { new: count, equal: 0, relabelled: 0 },
      { new: 0, equal: count, relabelled: 0 },
    ]),
  );
  expect(await stored()).toEqual({ ...all, labelled: 0 });
});

test('labels that two send at once, before the predictions, wait and join them', async () => {
  let answers: Promise<Answer>[] = [];
  await inLine(async (waiting) => {
    answers = [postLabels(), postLabels()];
    await waiting(2);
    answers.push(post('predictions', csv), post('predictions', csv));
    await waiting(4);
  });
  const [first, second, ...predictions] = (await Promise.all(answers)).map(({ body }) => body);
  expect([first, second]).toMatchObject([{ waiting: count }, { waiting: count }]);
  expect(predictions.map((body) => body.new).sort()).toEqual([0, count]);
  expect(await stored()).toEqual(all);
});

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const day = 24 * 60;

test('predictions of a clock that is far off are refused, all of the request; those of one a little off are taken', async () => {
  const at = (time: string) => `id,y_pred,timestamp\ngood,1,${ago(1)}\nbad,1,${time}\n`;
  const message = (rest: string) => [{ path: 'line 3, timestamp', message: expect.stringContaining(rest) }];
  for (const [time, rest] of [
    [ago(-6), 'must not be in the future'],
    [ago(-100 * 365 * day), 'must not be in the future'],
    [ago(91 * day), 'must not be older than 90 days'],
    ['1970-01-01T00:00:00Z', 'must not be older than 90 days'],
  ] as const) {
    expect(await post('predictions', at(time))).toMatchObject({
      status: 400,
      body: { errors: message(rest) },
    });
  }
  expect(await stored()).toEqual(nothing);
  expect(await post('predictions', at(ago(-4)))).toMatchObject({ body: { new: 2 } });
  expect(await post('predictions', `id,y_pred,timestamp\nold,1,${ago(89 * day)}\n`)).toMatchObject({
    status: 200,
  });
});

test('labels of a clock that is behind are taken, and lose against later ones; one ahead is refused', async () => {
  await post('predictions', 'id,y_pred\na,1\n');
  const label = (y_true: number, time: string) =>
    post('labels', `id,y_true,timestamp\na,${y_true},${time}\n`);
  expect(await label(1, '1970-01-01T00:00:00Z')).toMatchObject({ body: { new: 1 } });
  expect(await label(2, ago(-4))).toMatchObject({ body: { corrected: 1 } });
  expect(await label(3, ago(0))).toMatchObject({ body: { older: 1 } });
  expect(await label(4, ago(-6))).toMatchObject({ status: 400 });
  expect(await stored(2)).toMatchObject({ predictions: 1, labelled: 1 });
});

test('the label of the latest time wins in whatever order they come, also where it says the same as an earlier one', async () => {
  await post('predictions', 'id,y_pred\na,1\n');
  const label = (y_true: number, time: string) =>
    post('labels', `id,y_true,timestamp\na,${y_true},${time}\n`);
  await label(1, ago(30));
  expect(await label(1, ago(10))).toMatchObject({ body: { equal: 1 } });
  expect(await label(2, ago(20))).toMatchObject({ body: { older: 1 } });
  expect(await stored(1)).toMatchObject({ labelled: 1 });
});

/** The same order at each run of the tests. */
const shuffled = <T>(list: T[]): T[] => {
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  return list
    .map((it) => [random(), it] as const)
    .sort(([a], [b]) => a - b)
    .map(([, it]) => it);
};

test('a storm of repeated and disordered uploads, with the API killed in it: each prediction once, with its latest label', async () => {
  const slices = Array.from({ length: 20 }, (_, n) => ids.slice(n * 50, n * 50 + 50));
  const times = [300, 200, 100].map((minutes) => ago(minutes));
  /** Of the labels of three times the first and the last are the same. */
  const labels = (slice: string[], n: number) =>
    `id,y_true,timestamp\n${slice.map((id) => `${id},${n === 1 ? 0 : 1},${times[n]}\n`).join('')}`;
  const uploads = slices.flatMap((slice) => [
    { kind: 'predictions' as const, body: `id,y_pred\n${slice.map((id) => `${id},1\n`).join('')}` },
    ...times.map((_, n) => ({ kind: 'labels' as const, body: labels(slice, n) })),
  ]);
  const queue = shuffled([...uploads, ...uploads, ...uploads]);
  const accepted = new Set<string>();
  let added = 0;
  let killing: Promise<void> | undefined;
  const sender = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) {
      const { status, body } = await post(next.kind, next.body);
      if (status === 200) accepted.add(next.body);
      else {
        await killing;
        queue.unshift(next); // as a sender does that got no answer
      }
      if (status === 200 && next.kind === 'predictions') added += body.new as number;
      if (queue.length < 120) killing ??= api.kill().then(start);
    }
  };
  await Promise.all(Array.from({ length: 8 }, sender));
  await killing;
  expect(accepted.size).toBe(uploads.length);
  expect(added).toBeLessThanOrEqual(1000);
  expect(await stored()).toEqual({ predictions: 1000, ids: 1000, labelled: 1000, waiting: 0 });
});
