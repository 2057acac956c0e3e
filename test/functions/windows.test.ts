import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { computeAccuracy } from '../../functions/computeAccuracy';
import { deleteSchedule } from '../../functions/deleteSchedule';
import { listRuns } from '../../functions/listRuns';
import { schedule } from '../../functions/schedule';
import { watch } from '../../functions/watch';
import { openDatabase } from '../../lib/postgres/database';
import type { RunInput } from '../../lib/runs/input';
import type { Result } from '../../lib/runs/result';
import { scoreWindow } from '../../lib/runs/scoreWindow';
import { readUpload } from '../../lib/samples/upload/readUpload';
import type { Kind, LineError } from '../../lib/samples/upload/rows';
import { Different, storeLabels, storePredictions, WrongLines } from '../../lib/samples/upload/storeUpload';
import type { Settings } from '../../lib/schedule/schedule';
import { minutesAgo } from '../setup/time';
import { modelNamed, openWorld, settingsOf, type World } from '../setup/world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

let n = 0;
let model_id: string;
beforeEach(() => {
  model_id = modelNamed(++n);
});

const read = (kind: Kind, text: string | Buffer, type: 'text/csv' | 'application/x-ndjson' = 'text/csv') =>
  readUpload(kind, { type, bytes: Buffer.from(text) }, undefined, kind === 'predictions' ? 90 : undefined);

const predict = (csv: string | Buffer) => storePredictions(world.db, model_id, read('predictions', csv));
const label = (csv: string) => storeLabels(world.db, model_id, read('labels', csv));

const rows = () =>
  world.db.query<{ y_true: string | null }>(
    'SELECT id, y_pred::text, y_true::text, segments FROM predictions WHERE model_id = $1 ORDER BY id',
    [model_id],
  );

const due = minutesAgo(0);
const make = (changes: Partial<Settings>) => schedule(world)(settingsOf(n, changes));
const run = (more: object = {}) =>
  computeAccuracy(world)({ model_id, scheduled_time: due, trigger: 'schedule', ...more }) as Promise<Result>;
const hour = { window: 'PT1H', delay: 'PT0S' };
const at = (minutes: number) => minutesAgo(minutes).toISOString();

test('a prediction is stored once, whatever is sent again; its label comes later, and may be corrected', async () => {
  const csv = 'id,y_pred,country\na,1,DE\nb,0,FR\n';
  expect(await predict(csv)).toEqual({ new: 2, equal: 0, relabelled: 0 });
  expect(await predict(gzipSync(csv))).toEqual({ new: 0, equal: 2, relabelled: 0 });
  expect(await label('id,y_true\na,1\nb,1\n')).toMatchObject({ new: 2, waiting: 0 });
  expect(await label('id,y_true\na,1\nb,0\n')).toMatchObject({ equal: 1, corrected: 1 });
  expect(await label('id,y_true,timestamp\nb,1,2020-01-01T00:00:00Z\n')).toMatchObject({ older: 1 });
  expect(await rows()).toEqual([
    { id: 'a', y_pred: '1', y_true: '1', segments: { country: 'DE' } },
    { id: 'b', y_pred: '0', y_true: '0', segments: { country: 'FR' } },
  ]);
});

test('a label without a prediction waits for it', async () => {
  expect(await label('id,y_true\na,cat\n')).toMatchObject({ new: 0, waiting: 1 });
  await predict('id,y_pred\na,dog\n');
  expect(await rows()).toMatchObject([{ y_pred: '"dog"', y_true: '"cat"' }]);
  expect(await world.db.query('SELECT FROM labels WHERE model_id = $1', [model_id])).toEqual([]);
});

test('labels and predictions that two senders send at once find each other, and nothing is there twice', async () => {
  const ids = Array.from({ length: 500 }, (_, i) => i);
  const predictions = `id,y_pred\n${ids.map((id) => `${id},1\n`).join('')}`;
  const labels = `id,y_true\n${ids.map((id) => `${id},1\n`).join('')}`;
  await Promise.all([predict(predictions), label(labels), predict(predictions), label(labels)]);
  expect((await rows()).filter(({ y_true }) => y_true === '1')).toHaveLength(500);
});

test('a large upload of labels that wait is stored in time on a connection that had one of labels that found theirs', async () => {
  const db = openDatabase(world.databaseUrl, 1, 25_000);
  const ids = (of: string) => Array.from({ length: 20_000 }, (_, i) => `${of}${i},1\n`).join('');
  await storePredictions(db, model_id, read('predictions', `id,y_pred\n${ids('a')}`));
  await world.db.query('ANALYZE predictions, labels');
  const send = (of: string) => storeLabels(db, model_id, read('labels', `id,y_true\n${ids(of)}`));
  expect(await send('a')).toMatchObject({ new: 20_000 });
  expect(await send('b')).toMatchObject({ waiting: 20_000 });
  const found = await storePredictions(db, model_id, read('predictions', `id,y_pred\n${ids('b')}`));
  expect(found).toMatchObject({ new: 20_000 });
  expect((await rows()).filter(({ y_true }) => y_true === null)).toEqual([]);
  await db.end();
});

test('another y_pred for a known id is refused, and nothing of that upload is stored', async () => {
  await predict('id,y_pred\na,1\n');
  const error = await predict('id,y_pred\nb,1\na,0\n').catch((error) => error);
  expect(error).toBeInstanceOf(Different);
  expect(error.first).toEqual([{ id: 'a', differs_in: 'y_pred' }]);
  expect(await rows()).toHaveLength(1);
});

test('wrong lines are told with line and column, and nothing is stored', async () => {
  const csv = 'id,y_pred,timestamp\na,1,\n,1,\nc,,\nd,1,yesterday\ne,1\na,0,\n';
  const error = await predict(csv).catch((error) => error);
  expect(error).toBeInstanceOf(WrongLines);
  expect(error.lines).toEqual([
    { line: 3, column: 'id', message: 'is required: a text of 1 to 200 characters' },
    { line: 4, column: 'y_pred', message: 'is required' },
    { line: 5, column: 'timestamp', message: 'must be a time such as "2026-03-01T12:00:00Z"' },
    { line: 6, column: '', message: 'has 2 columns, and the header 3' },
  ]);
  const repeated = await predict('id,y_pred\na,1\na,0\n').catch((error) => error);
  expect(repeated.lines).toEqual([
    { line: 3, column: 'id', message: 'a is in line 2 already, with something else' },
  ]);
  const ndjson = '{"id": "a", "y_pred": NaN}\n{"y_pred": 1}\n[]\n';
  const json = await storePredictions(
    world.db,
    model_id,
    read('predictions', ndjson, 'application/x-ndjson'),
  ).catch((error) => error);
  expect(json.lines.map(({ line, column }: { line: number; column: string }) => [line, column])).toEqual([
    [1, ''],
    [2, 'id'],
    [3, ''],
  ]);
  expect(await rows()).toEqual([]);
});

test('lines that say the same of one id are one prediction', async () => {
  expect(await predict('id,y_pred\na,1\nb,1\na,1\n')).toEqual({ new: 2, equal: 0, relabelled: 0 });
});

test('labels of a CSV are what all of them can be', async () => {
  await predict('id,y_pred\na,1\nb,02\n');
  expect(await rows()).toMatchObject([{ y_pred: '"1"' }, { y_pred: '"02"' }]);
});

test('NDJSON keeps the difference of 1 and "1", and the digits of large integers', async () => {
  const lines = [
    '{"id":"a","y_pred":1}',
    '{"id":"b","y_pred":"1"}',
    '{"id":"c","y_pred":18446744073709551615}',
  ];
  await storePredictions(world.db, model_id, read('predictions', lines.join('\n'), 'application/x-ndjson'));
  expect(await rows()).toMatchObject([
    { y_pred: '1' },
    { y_pred: '"1"' },
    { y_pred: '18446744073709551615' },
  ]);
});

test('ids and labels that are integers beyond 2^53 stay apart', async () => {
  const lines = [1, 2].map(
    (digit) => `{"id":1234567890123456789${digit},"y_pred":1234567890123456789${digit}}`,
  );
  await storePredictions(world.db, model_id, read('predictions', lines.join('\n'), 'application/x-ndjson'));
  expect(await rows()).toMatchObject(
    [1, 2].map((digit) => ({ id: `1234567890123456789${digit}`, y_pred: `1234567890123456789${digit}` })),
  );
});

test.each([
  [
    'a number of no double',
    '{"id":"a","y_pred":1e999999999}',
    'y_pred must be a string, a number of 64 bits or a boolean, or a list of those',
  ],
  [
    'a line without an end',
    `{"id":"a","y_pred":"${'x'.repeat(300_000)}"}`,
    ' has a line of more than 256 KiB',
  ],
  ['what is no gzip', Buffer.from([0x1f, 0x8b, 1, 2, 3]), ' is no gzip, or cut short'],
  ['what is no UTF-8', Buffer.from([0x7b, 0xff]), ' is not valid UTF-8'],
])('%s is refused', async (_, body, message) => {
  const error = await storePredictions(
    world.db,
    model_id,
    read('predictions', body, 'application/x-ndjson'),
  ).catch((error) => error);
  expect(error.lines.map(({ column, message }: LineError) => `${column} ${message}`)).toEqual([message]);
});

test('a segment may have any name', async () => {
  const line = '{"id":"a","y_pred":1,"__proto__":"x","constructor":"y"}';
  await storePredictions(world.db, model_id, read('predictions', line, 'application/x-ndjson'));
  expect(JSON.stringify((await rows())[0])).toContain(
    '{"__proto__": "x", "constructor": "y"}'.replaceAll(': ', ':').replace(', ', ','),
  );
});

test('numbers that no numeric holds are compared by their spelling', async () => {
  await predict('id,y_pred\na,1e-99999\n');
  expect(await predict('id,y_pred\na,1e-99999\n')).toMatchObject({ equal: 1 });
});

test('an open transaction of another holds up the run of its model, and neither watch nor other changes of the schedule', async () => {
  await make({ data: hour, flexible_window_minutes: 0 });
  await predict(`id,y_pred,y_true,timestamp\na,1,1,${at(8)}\n`);
  let commit = () => {};
  let held: Promise<void> | undefined;
  await new Promise<void>((updated) => {
    held = world.db.transaction(async (connection) => {
      await connection.query(`UPDATE predictions SET y_true = '0' WHERE model_id = $1`, [model_id]);
      updated(); // only now would a run wait
      await new Promise<void>((resolve) => {
        commit = resolve;
      });
    });
  });
  const waiting = () => world.db.query("SELECT FROM pg_stat_activity WHERE wait_event = 'advisory'");
  const running = run();
  while ((await waiting()).length === 0) await sleep(5);
  await make({ data: hour, flexible_window_minutes: 5 });
  await world.db.query('SELECT FROM model_states WHERE model_id = $1 FOR UPDATE NOWAIT', [model_id]);
  commit();
  await held;
  expect(await running).toMatchObject({ accuracy: 0 });
});

test('a window that is too large for memory is told', async () => {
  const rows = {
    y_true: '[]',
    y_pred: '[]',
    counts: '[]',
    segment: null,
    value: null,
    n_predictions: 9,
    n_labelled: 9,
  };
  const window = { start: due, end: due, rows: [{ ...rows, fits: false }] };
  expect(scoreWindow({ segments: [] } as unknown as RunInput, window)).toMatchObject({
    status: 'invalid_data',
    error: expect.stringContaining('choose a shorter one'),
  });
  await make({ data: hour });
  await predict(`id,y_pred,y_true,timestamp\na,1,1,${at(8)}\n`);
  const values = [model_id, minutesAgo(60), '', due, [], 100];
  for (const name of ['countWindow', 'readWindow']) {
    const sql = readFileSync(`sql/queries/${name}.sql`, 'utf8');
    expect(await world.db.query(sql, [...values, 100])).toMatchObject([{ fits: true, y_true: '[1]' }]);
    expect(await world.db.query(sql, [...values, 3])).toMatchObject([{ fits: false, y_true: '[]' }]);
  }
});

test('a schedule that no longer looks at windows has no revisions, nor has one that is gone', async () => {
  await make({ data: hour });
  const plan = 'INSERT INTO due_revisions (model_id, scheduled_time, revise_at) VALUES ($1, $2, $2)';
  await world.db.query(plan, [model_id, due]);
  await make({});
  expect((await watch(world)()).revised).toBe(0);
  await deleteSchedule(world)({ model_id });
  expect(await world.db.query('SELECT FROM due_revisions WHERE model_id = $1', [model_id])).toEqual([]);
});

test('an id that is there with another time is refused in plain SQL too', async () => {
  const insert = 'INSERT INTO predictions (model_id, id, y_pred, "timestamp") VALUES ($1, $2, $3, $4)';
  await world.db.query(insert, [model_id, 'a', '1', minutesAgo(5)]);
  await expect(world.db.query(insert, [model_id, 'a', '1', minutesAgo(4)])).rejects.toThrow(
    'predictions with these ids are there already: a',
  );
  await world.db.query('INSERT INTO labels (model_id, id, y_true) VALUES ($1, $2, $3)', [model_id, 'a', '1']);
  expect(await rows()).toMatchObject([{ y_true: '1' }]);
});

test('a run looks at the predictions of its window that have a label', async () => {
  await make({ data: hour, metrics: ['accuracy', 'f1_macro'], segments: ['country'] });
  await predict(
    `id,y_pred,y_true,timestamp,country\na,1,1,${at(60)},DE\nb,1,0,${at(30)},DE\nc,0,0,${at(1)},FR\nd,0,,${at(1)},\n` +
      `early,1,0,${at(61)},DE\nlate,1,0,${at(0)},DE\n`,
  );
  const result = await run();
  expect(result).toMatchObject({
    status: 'ok',
    accuracy: 2 / 3,
    metrics: { accuracy: 2 / 3, f1_macro: 2 / 3 },
    n_predictions: 4,
    n_samples: 3,
    n_unlabelled: 1,
    coverage: 0.75,
    window_start: at(60),
    window_end: at(0),
    revision: 0,
  });
  expect(
    result.segments.map(({ value, n_samples, metrics }) => [value, n_samples, metrics.accuracy]),
  ).toEqual([
    ['DE', 2, 0.5],
    ['FR', 1, 1],
    [null, 0, undefined],
  ]);
});

test('the last so many labelled predictions, of one time in the order of their ids', async () => {
  await make({ data: { last: 2 } });
  await predict(
    `id,y_pred,y_true,timestamp\na,1,0,${at(9)}\nb,1,1,${at(9)}\nc,0,0,${at(5)}\nd,0,,${at(3)}\n`,
  );
  expect(await run()).toMatchObject({ accuracy: 1, n_samples: 2, n_predictions: 3, window_start: at(9) });
});

test('where no prediction has a label the last so many are counted, and a label makes a number', async () => {
  await make({ data: { last: 2 } });
  expect(await run({ scheduled_time: minutesAgo(5) })).toMatchObject({ status: 'no_data' });
  await predict(`id,y_pred,timestamp\na,1,${at(9)}\nb,1,${at(8)}\nc,0,${at(7)}\n`);
  expect(await run()).toMatchObject({
    status: 'insufficient_data',
    n_predictions: 2,
    n_samples: 0,
    window_start: at(8),
  });
  await label('id,y_true\na,1\n');
  expect(await run({ revise: true })).toMatchObject({ status: 'ok', n_predictions: 3, n_samples: 1 });
});

test.each<[string, Partial<Settings>, object]>([
  ['a regression', { task: 'regression', metrics: ['mean_absolute_error'] }, { mean_absolute_error: 0.5 }],
  ['scores', { metrics: ['roc_auc'] }, { roc_auc: 1 }],
])('%s is computed from the predictions themselves', async (_, settings, metrics) => {
  await make({ data: hour, ...settings });
  await predict(`id,y_pred,y_score,y_true,timestamp\na,1,0.9,1,${at(5)}\nb,1,0.2,0,${at(5)}\n`);
  expect(await run()).toMatchObject({ status: 'ok', metrics, n_samples: 2 });
});

test('too few labels are no number, but counts', async () => {
  await make({ data: hour, min_samples: 3, min_coverage: 0.9 });
  expect(await run({ scheduled_time: minutesAgo(5) })).toMatchObject({ status: 'no_data' });
  await predict(`id,y_pred,y_true,timestamp\na,1,1,${at(8)}\nb,1,1,${at(8)}\nc,1,,${at(8)}\n`);
  expect(await run()).toMatchObject({
    status: 'insufficient_data',
    error: '2 labelled samples are fewer than min_samples, 3',
    metrics: {},
    n_samples: 2,
    n_predictions: 3,
  });
});

test('a run is computed again when labels of its window change, and only then; what it had found stays', async () => {
  await make({ data: hour });
  await predict(`id,y_pred,y_true,timestamp\na,1,1,${at(8)}\nb,1,,${at(8)}\n`);
  expect(await run()).toMatchObject({ accuracy: 1, n_samples: 1 });
  await label('id,y_true\nb,0\n');
  const look = async () => {
    // As if the change and the run were ten minutes old.
    await world.db.query(`UPDATE window_changes SET noted_at = noted_at - interval '10 minutes'`);
    await world.db.query(
      `UPDATE runs SET finished_at = finished_at - interval '10 minutes' WHERE model_id = $1`,
      [model_id],
    );
    world.runs.events.length = 0;
    const { revised } = await watch(world)();
    return [revised, ...world.runs.events];
  };
  expect(await look()).toEqual([1, { model_id, scheduled_time: due.toISOString(), revise: true }]);
  expect(await run({ revise: true })).toMatchObject({ accuracy: 0.5, n_samples: 2, revision: 1 });
  expect(await world.results.read(model_id)).toMatchObject({ accuracy: 0.5, revision: 1 });
  expect(await look()).toEqual([0]);
  expect(await run({ revise: true })).toMatchObject({ revision: 1 }); // nothing has changed
  const { body } = await listRuns(world)({ model_id, limit: 5, before: undefined, revisions: true });
  expect(body.items[0]?.revisions).toMatchObject([{ revision: 0, metrics: { accuracy: 1 }, n_samples: 1 }]);
});
