import { readdirSync, readFileSync } from 'node:fs';
import { Client, types } from 'pg';
import type { Found } from '../../functions/exposeMetrics';
import type { FoundNotification } from '../../functions/getAlerts';
import type { FoundAlert } from '../../functions/listAlerts';
import type { FoundEntry } from '../../functions/listAudit';
import type { FoundPrediction, FoundRow } from '../../functions/listPredictions';
import type { FoundTagRule } from '../../functions/listTagRules';
import type { Fired } from '../../functions/tryRule';
import type { Notification } from '../../lib/alerts/notice';
import type { FoundRule } from '../../lib/alerts/rules';
import type { FoundWindow } from '../../lib/alerts/windows';
import type { RunInput } from '../../lib/runs/input';
import type { Run, RunKey } from '../../lib/runs/run';
import type { WindowRows } from '../../lib/runs/window';
import type { LabelCounts, PredictionCounts } from '../../lib/samples/upload/storeUpload';
import type { FoundBackfill } from '../../lib/schedule/backfill';
import type { Model } from '../../lib/schedule/modelList';
import type { Overdue } from '../../lib/schedule/overdue';
import type { Schedule } from '../../lib/schedule/schedule';
import type { Plan } from '../../lib/schedule/storeSchedule';
import { openStores, type Stores } from '../setup/stores';
import { minutesAgo } from '../setup/time';
import { modelNamed } from '../setup/world';

// Every query of the service is run once, and its columns are held against the type that reads them: a name or a type
// that one side has and the other has not fails here, or is not compiled.

type TypeOf<V> = [V] extends [Date | null]
  ? 'timestamptz'
  : [V] extends [boolean | null]
    ? 'bool'
    : [V] extends [number | null]
      ? 'int2' | 'int4' | 'int8' | 'float8'
      : [V] extends [string | null]
        ? 'text' | 'uuid' | 'json' | 'model_status'
        : [V] extends [(number | null)[]]
          ? '_float8'
          : [V] extends [string[]]
            ? '_text'
            : 'jsonb';

type Columns<Row> = { [K in keyof Row]-?: TypeOf<Row[K]> };

interface Query {
  values?: unknown[];
  columns: Record<string, string>;
  /** How many rows it returns, of the rows below; one if it reads, none if it only writes. */
  rows?: number;
  text?: (text: string) => string;
}

const columnsOf = <Row>(columns: Columns<Row>) => columns as Record<string, string>;

const id = modelNamed(1);
const due = minutesAgo(10);
const none = { columns: {}, rows: 0 };

const key = columnsOf<RunKey>({ model_id: 'uuid', scheduled_time: 'timestamptz' });

const result = columnsOf<Omit<Run, 'started_at' | 'trigger'>>({
  model_id: 'uuid',
  scheduled_time: 'timestamptz',
  status: 'text',
  accuracy: 'float8',
  n_samples: 'int4',
  results_id: 'int8',
  data_timestamp: 'timestamptz',
  error: 'text',
  finished_at: 'timestamptz',
  details: 'jsonb',
  revision: 'int4',
  window_start: 'timestamptz',
  window_end: 'timestamptz',
});

const answeredRun = { ...result, ...columnsOf<Pick<Run, 'trigger'>>({ trigger: 'text' }) };

const wanted = {
  task: 'text',
  metrics: 'jsonb',
  pos_label: 'jsonb',
  labels: 'jsonb',
} as const;

const wantedData = {
  data: 'jsonb',
  min_samples: 'int4',
  min_coverage: 'float8',
  segments: '_text',
} as const;

const windowOf = {
  segment: 'text',
  value: 'text',
  n_predictions: 'int4',
  n_labelled: 'int4',
  fits: 'bool',
  y_true: 'text',
  y_pred: 'text',
} as const;

const windowRows = columnsOf<Required<Omit<WindowRows, 'y_score'>>>({ ...windowOf, counts: 'text' });

const schedule = columnsOf<Schedule>({
  model_id: 'uuid',
  cron_expression: 'text',
  timezone: 'text',
  enabled: 'bool',
  flexible_window_minutes: 'int2',
  catch_up: 'text',
  ...wanted,
  name: 'text',
  description: 'text',
  tags: '_text',
  max_data_age_minutes: 'int4',
  ...wantedData,
  revise_for: 'text',
  reference: 'jsonb',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});

const search = readFileSync('sql/queries/searchModels.sql', 'utf8');

const list = (text: string) =>
  text
    .replaceAll('{key}', 'value')
    .replaceAll('{direction}', 'DESC')
    .replaceAll('{status}', 'status = $7')
    .replaceAll('{search}', search);

const page = {
  values: [modelNamed(0), modelNamed(9), "'x':*", null, 0, 10, 'ok'],
  columns: { model_id: 'uuid' },
  text: list,
};

const state = {
  model_id: 'uuid',
  enabled: 'bool',
  effective_from: 'timestamptz',
  next_due: 'timestamptz',
  expected_by: 'timestamptz',
  missed_at: 'timestamptz',
  newest_run: 'timestamptz',
  newest_status: 'model_status',
  results_id: 'int8',
  data_timestamp: 'timestamptz',
  value: 'float8',
  value_before: 'float8',
  change: 'float8',
  status: 'model_status',
  metric: 'text',
  max_data_age_minutes: 'int4',
  same_data_since: 'timestamptz',
  stale_told: 'timestamptz',
  stale_at: 'timestamptz',
  computed_until: 'timestamptz',
};

const queries: Record<string, Query> = {
  allModels: { values: [null, null, null, null], columns: state },
  addLabels: {
    values: [id, 'json'],
    columns: columnsOf<LabelCounts>({
      new: 'int4',
      equal: 'int4',
      corrected: 'int4',
      older: 'int4',
      waiting: 'int4',
    }),
  },
  addPredictionsById: {
    values: [id, 'json'],
    columns: {
      ids: 'int4',
      ...columnsOf<PredictionCounts>({ new: 'int4', equal: 'int4', relabelled: 'int4' }),
      different: 'int4',
      first_different: 'jsonb',
    },
  },
  beginWindow: { values: [id, due], ...none },
  countWindow: { values: [id, due, '', due, ['country'], 100, 1000], columns: windowRows, rows: 0 },
  findLast: { values: [id, due, 10, true], columns: { start: 'text', id: 'text' }, rows: 0 },
  findRepeatedIds: { columns: { line: 'int4', id: 'text', first_line: 'int4' }, rows: 0 },
  startBackfill: { values: [id, due, due, [due]], ...none },
  readBackfill: {
    values: [id],
    columns: columnsOf<FoundBackfill>({
      model_id: 'uuid',
      from_time: 'timestamptz',
      to_time: 'timestamptz',
      started_at: 'timestamptz',
      total: 'int4',
      cancelled: 'int4',
      waiting: 'int4',
      failed: 'int4',
      error: 'text',
    }),
    rows: 0,
  },
  cancelBackfill: { values: [id], ...none },
  endDeliveriesOfGone: { values: [['ops']], ...none },
  takeBackfill: { columns: { ...key, attempts: 'int4' }, rows: 0 },
  endBackfill: { values: [id, due, 'why', 60], ...none },
  keepRunMonths: { values: [90], columns: { dropped: 'int4' } },
  keepPredictionMonths: { values: [90], columns: { dropped: 'int4' } },
  pruneLabels: { values: [90, 10], columns: { model_id: 'uuid' }, rows: 0 },
  pruneOtherPredictions: { values: [90, 10], columns: { model_id: 'uuid' }, rows: 0 },
  queueRevisions: { values: [10], columns: { model_id: 'uuid' }, rows: 0 },
  readWindow: {
    values: [id, due, '', due, ['country'], 100, 1000],
    columns: columnsOf<Required<Omit<WindowRows, 'counts'>>>({ ...windowOf, y_score: 'text' }),
    rows: 0,
  },
  stagePredictions: { ...none },
  takeRevisions: { values: [10], columns: key, rows: 0 },
  takeTurnAtPredictions: {
    values: [id],
    columns: { take_turn_at_predictions: 'void', set_config: 'text' },
  },
  addPredictions: {
    values: [id, '[1]', '[1]', null, null],
    columns: columnsOf<{ results_id: number }>({ results_id: 'int8' }),
  },
  countStatuses: {
    columns: columnsOf<{ status: string; models: number }>({ status: 'model_status', models: 'int4' }),
    rows: 2, // one status that a model has had is counted as 0
  },
  countStatusesFound: {
    values: [modelNamed(0), modelNamed(9), "'x':*", null],
    text: (text) => text.replace('{search}', search),
    columns: columnsOf<{ status: string; models: number }>({ status: 'model_status', models: 'int4' }),
  },
  deleteSchedule: { values: [id], columns: { model_id: 'uuid' } },
  describeModels: {
    values: [[id], 30],
    columns: columnsOf<Model>({
      model_id: 'uuid',
      name: 'text',
      tags: '_text',
      data_stale: 'bool',
      alerts: '_text',
      cron_expression: 'text',
      timezone: 'text',
      enabled: 'bool',
      status: 'model_status',
      metric: 'text',
      value: 'float8',
      change: 'float8',
      newest_run: 'timestamptz',
      data_timestamp: 'timestamptz',
      n_samples: 'int4',
      error: 'text',
      finished_at: 'timestamptz',
      values: '_float8',
    }),
  },
  putDefinitions: { values: [[id], ['x'], [due]], columns: {}, rows: 0 },
  readDefinitions: {
    values: [[id]],
    rows: 0,
    columns: columnsOf<{ model_id: string; digest: string; modified_at: Date }>({
      model_id: 'uuid',
      digest: 'text',
      modified_at: 'timestamptz',
    }),
  },
  expectRuns: { values: [[id], [minutesAgo(30)], [minutesAgo(28)], [null], [new Date()]], columns: key },
  findName: { values: ['x', id], columns: { model_id: 'uuid' }, rows: 0 },
  getRun: { values: [id, due], columns: answeredRun },
  getSchedule: { values: [id], columns: schedule },
  hasSchedules: { values: [1], columns: { '?column?': 'int4' } },
  isKnownModel: { values: [id], columns: { '?column?': 'int4' } },
  listMissed: {
    values: [id, null, 10],
    columns: columnsOf<{ scheduled_time: Date; unlisted: number; missed: boolean }>({
      scheduled_time: 'timestamptz',
      unlisted: 'int4',
      missed: 'bool',
    }),
  },
  listModels: page,
  listModelsBackwards: page,
  listRuns: {
    values: [id, null, 10, true],
    columns: {
      ...answeredRun,
      revisions: 'jsonb',
      ...columnsOf<Pick<Run, 'started_at'>>({ started_at: 'timestamptz' }),
      missed_before: 'int4',
      reference: 'jsonb',
      data_deleted: 'bool',
    },
    rows: 2,
  },
  listSchedules: { values: [null, 10], columns: schedule },
  modelsWithManyRuns: { values: [1], columns: { model_id: 'uuid' } },
  moveStates: { values: [[id], [due], [due], [due]], ...none },
  planModel: { values: [id, due, due, 15], ...none },
  pruneManyRuns: { values: [id, 1, 10], columns: { model_id: 'uuid' } },
  pruneResults: { values: [90, 10], columns: { model_id: 'uuid' }, rows: 0 },
  listSampleRows: {
    values: [id, null, null, 1],
    columns: columnsOf<FoundRow>({ results_id: 'int8', timestamp: 'timestamptz', at: 'text', bytes: 'int4' }),
  },
  listPredictions: {
    values: [id, null, null, 1],
    columns: {
      id: 'text',
      timestamp: 'timestamptz',
      at: 'text',
      y_pred: 'json',
      y_score: 'json',
      y_true: 'json',
      label_timestamp: 'timestamptz',
      segments: 'jsonb',
    } satisfies Record<keyof FoundPrediction, string>,
    rows: 0,
  },
  deleteSampleRows: { values: [id, '0', due, due], columns: { deleted: 'int4' } },
  deletePredictions: { values: [id, '0', due, due], columns: { deleted: 'int4' } },
  pruneEarlierRuns: { values: [0, 10], columns: { model_id: 'uuid' } },
  putSchedule: {
    values: [
      modelNamed(2),
      '* * * * *',
      'UTC',
      true,
      0,
      'last',
      'regression',
      '["r2"]',
      null,
      null,
      '"newest_row"',
      1,
      0.5,
      ['country'],
      'P7D',
      'Prices',
      null,
      [],
      60,
    ],
    columns: schedule,
  },
  putServiceState: { values: ['watch', { missed: 0 }], ...none },
  readMetrics: {
    columns: columnsOf<Found>({
      models: 'text',
      statuses: 'jsonb',
      services: 'jsonb',
      overdue: 'int4',
      catch_ups: 'int4',
      deliveries: 'jsonb',
      runs: 'jsonb',
      lateness: '_float8',
      duration: '_float8',
    }),
  },
  readHealth: { columns: { services: 'jsonb', stale: 'int4', waiting_labels: 'int4' } },
  readLabelType: { values: [id], columns: { label_type: 'text' } },
  readNewestSample: {
    values: [id],
    columns: columnsOf<
      Pick<Schedule, 'task' | 'labels' | 'data'> &
        Pick<Run, 'scheduled_time' | 'results_id' | 'window_start' | 'window_end'> & { kept: boolean }
    >({
      task: 'text',
      labels: 'jsonb',
      data: 'jsonb',
      scheduled_time: 'timestamptz',
      results_id: 'int8',
      window_start: 'timestamptz',
      window_end: 'timestamptz',
      kept: 'bool',
    }),
  },
  readPlan: {
    values: [id],
    columns: columnsOf<Plan>({ next_due: 'timestamptz', recorded: '_float8' }),
  },
  readResult: {
    values: [id],
    columns: {
      ...result,
      ...columnsOf<Pick<Schedule, 'name' | 'cron_expression' | 'timezone' | 'enabled' | 'reference'>>({
        name: 'text',
        cron_expression: 'text',
        timezone: 'text',
        enabled: 'bool',
        reference: 'jsonb',
      }),
      scheduled: 'bool',
      stale: 'bool',
      data_stale: 'bool',
      data_deleted: 'bool',
      same_data_since: 'timestamptz',
      alerts: 'jsonb',
    },
  },
  readRunInput: {
    values: [id, minutesAgo(0), 65_536, false],
    columns: columnsOf<
      Record<Exclude<keyof RunInput, 'window'>, unknown> &
        Omit<RunInput, 'window' | 'y_true' | 'y_pred' | 'y_score'> &
        Record<'y_true' | 'y_pred' | 'y_score', string> & { large: boolean }
    >({
      cron_expression: 'text',
      timezone: 'text',
      enabled: 'bool',
      flexible_window_minutes: 'int2',
      ...wanted,
      ...wantedData,
      effective_from: 'timestamptz',
      recorded: 'bool',
      recorded_trigger: 'text',
      revision: 'int4',
      window_start: 'timestamptz',
      window_end: 'timestamptz',
      results_id: 'int8',
      data_timestamp: 'timestamptz',
      future_rows: 'int4',
      future_results_id: 'int8',
      large: 'bool',
      y_true: 'json',
      y_pred: 'json',
      y_score: 'json',
      scored: 'bool',
    }),
  },
  recordRun: {
    values: [
      id,
      minutesAgo(0),
      'schedule',
      'ok',
      0.5,
      2,
      1,
      due,
      null,
      due,
      { future_rows: { count: 1 } },
      due,
      due,
      15,
      'accuracy',
      0.5,
      0,
      null,
      null,
    ],
    columns: answeredRun,
  },
  removeReference: { values: [id], columns: { model_id: 'uuid' } },
  retryCatchUps: { values: [[id], [due]], ...none },
  searchModels: {
    values: [modelNamed(0), modelNamed(9), "'x':*", null],
    columns: state,
  },
  setReference: { values: [id, due], columns: schedule },
  setSettings: { values: [['cyclic.results_id'], ['1'], true], columns: { set_config: 'text' } },
  sumStatusCounts: { columns: { sum_status_counts: 'void' } },
  takeCatchUps: { values: [10], columns: { ...key, wanted: 'bool' } },
  takeOverdue: {
    values: [10],
    columns: columnsOf<Overdue>({
      model_id: 'uuid',
      cron_expression: 'text',
      timezone: 'text',
      enabled: 'bool',
      flexible_window_minutes: 'int2',
      catch_up: 'text',
      effective_from: 'timestamptz',
      next_due: 'timestamptz',
      newest_scheduled_run: 'timestamptz',
      recorded: '_float8',
    }),
  },
  tellStale: { values: [10], columns: { model_id: 'uuid' } },
  takeTurn: { values: [id], columns: { pg_advisory_xact_lock: 'void' } },
};

const seconds = new Date('2030-01-01');
const rule = JSON.stringify({ metric: 'accuracy', below: 0.8, severity: 'warning' });

const window = columnsOf<FoundWindow>({
  id: 'int8',
  model_id: 'uuid',
  tag: 'text',
  starts_at: 'timestamptz',
  ends_at: 'timestamptz',
  note: 'text',
});

/** What alerts ask; the rows below have one of each. */
const ofAlerts: Record<string, Query> = {
  addMaintenance: { values: [null, 'x', due, seconds, 'why', 'me'], columns: window },
  countAlerts: { columns: { firing: 'int4', pending: 'int4', ok: 'int4', waiting: 'int4', dead: 'int4' } },
  deleteMaintenance: { values: [1, 'me'], columns: { id: 'int8' } },
  deleteRule: { values: [id, null, 'it', 'me'], columns: { name: 'text' } },
  endDelivery: { values: [1, 'ops', null, 8], ...none },
  evaluateAlertsOf: { values: ['it', 'x'], columns: { evaluate_model: 'void' }, rows: 0 },
  evaluateModel: { values: [id], columns: { evaluate_model: 'void' } },
  hasNotifications: { columns: { '?column?': 'int4' } },
  listAlerts: {
    values: ['firing', 0, 10],
    columns: columnsOf<FoundAlert>({
      id: 'int8',
      model_id: 'uuid',
      name: 'text',
      rule: 'text',
      state: 'text',
      severity: 'text',
      since: 'timestamptz',
      facts: 'jsonb',
      snoozed_until: 'timestamptz',
      snooze_note: 'text',
    }),
    rows: 2,
  },
  listAudit: {
    values: [null, 10],
    columns: {
      id: 'int8',
      at: 'timestamptz',
      caller: 'text',
      action: 'text',
      model_id: 'uuid',
      tag: 'text',
      rule: 'text',
      before: 'jsonb',
      after: 'jsonb',
    } satisfies Record<keyof FoundEntry, string>,
  },
  listMaintenance: { values: [10], columns: window },
  listNotifications: {
    values: [id, 10],
    columns: columnsOf<FoundNotification>({
      id: 'int8',
      rule: 'text',
      kind: 'text',
      severity: 'text',
      at: 'timestamptz',
      facts: 'jsonb',
      held_until: 'timestamptz',
      state: 'text',
      deliveries: 'jsonb',
    }),
    rows: 3,
  },
  listTagRules: {
    values: [null],
    columns: columnsOf<FoundTagRule>({ tag: 'text', name: 'text', rule: 'jsonb' }),
  },
  pruneNotifications: { values: [0, 10], columns: { id: 'int8' }, rows: 0 },
  putRule: { values: [id, null, 'it', rule, 'me'], columns: { before: 'jsonb' } },
  readRules: {
    values: [id],
    columns: columnsOf<FoundRule>({
      name: 'text',
      rule: 'jsonb',
      tag: 'text',
      built_in: 'bool',
      state: 'text',
      since: 'timestamptz',
      facts: 'jsonb',
      snoozed_until: 'timestamptz',
      snooze_note: 'text',
    }),
    rows: 4,
  },
  routeNotifications: { values: [['ops'], ['warning'], 10], columns: { id: 'int8' }, rows: 2 },
  snoozeAlert: { values: [id, 'it', seconds, 'why', 'me', 'warning'], ...none },
  takeDeliveries: {
    values: ['ops', 10, 60],
    columns: columnsOf<Notification>({
      id: 'int8',
      attempts: 'int4',
      alert_id: 'int8',
      model_id: 'uuid',
      name: 'text',
      rule: 'text',
      kind: 'text',
      severity: 'text',
      at: 'timestamptz',
      facts: 'jsonb',
    }),
  },
  tryRule: {
    values: [id, 'it', rule, 30],
    columns: columnsOf<Fired>({ fired_at: 'timestamptz', ended_at: 'timestamptz' }),
  },
};
Object.assign(queries, ofAlerts);

const files = readdirSync('sql/queries').map((file) => file.replace(/\.sql$/, ''));

let stores: Stores;
let client: Client;
let typeNames: Map<number, string>;

beforeAll(async () => {
  stores = await openStores();
  client = new Client({ connectionString: stores.databaseUrl, types });
  await client.connect();
  const { rows } = await client.query('SELECT oid, typname FROM pg_type');
  typeNames = new Map(rows.map(({ oid, typname }) => [oid, typname]));
  // A model of which every query finds something: overdue, with a run, a missed due time to be caught up, and data.
  await client.query(
    `INSERT INTO metrics_executions (model_id, cron_expression, created_at, updated_at) VALUES ($1, '* * * * *', $2, $2)`,
    [id, minutesAgo(60)],
  );
  await client.query(
    `INSERT INTO runs (model_id, scheduled_time, trigger, status, accuracy, n_samples, started_at, finished_at, catch_up_at)
      VALUES ($1, $2, 'schedule', 'ok', 0.5, 2, $2, $2, NULL), ($1, $3, 'schedule', 'missed', NULL, NULL, $3, $3, $3)`,
    [id, due, minutesAgo(20)],
  );
  await client.query(
    `INSERT INTO runs (model_id, scheduled_time, trigger, status, started_at, finished_at)
      VALUES ($1, '2020-01-01', 'schedule', 'missed', now(), now())`,
    [modelNamed(9)],
  );
  await client.query(
    `UPDATE model_states SET newest_run = $1, newest_status = 'ok', value = 0.5,
    data_timestamp = $1, max_data_age_minutes = 1`,
    [due],
  );
  await client.query(`INSERT INTO alert_rules (model_id, name, rule) VALUES ($1, 'it', $2)`, [id, rule]);
  await client.query(`INSERT INTO alert_rules (tag, name, rule) VALUES ('x', 'it', $1)`, [rule]);
  await client.query('SELECT evaluate_model($1)', [id]);
  await client.query(
    `INSERT INTO alert_notifications (alert_id, transition, model_id, rule, kind, severity, facts, state)
      VALUES (99, 1, $1, 'it', 'firing', 'warning', '{}', 'routed')`,
    [id],
  );
  await client.query(
    `INSERT INTO alert_deliveries (notification_id, channel, alert_id)
      SELECT id, 'ops', alert_id FROM alert_notifications WHERE state = 'routed'`,
  );
  await client.query(
    `INSERT INTO maintenance_windows (starts_at, ends_at, note) VALUES (now(), now() + interval '1 day', 'why')`,
  );
  await client.query(`INSERT INTO alert_audit (caller, action) VALUES ('me', 'put rule')`);
  await client.query(
    `WITH sample AS (INSERT INTO results (model_id, y_true, y_pred) VALUES ($1, '[1]', '[1]') RETURNING id)
      UPDATE runs SET results_id = sample.id FROM sample WHERE status = 'ok'`,
    [id],
  );
});
afterAll(async () => {
  await client.end();
  await stores.close();
});
beforeEach(async () => {
  await client.query('BEGIN');
  await client.query(readFileSync('sql/queries/stagePredictions.sql', 'utf8'));
});
afterEach(() => client.query('ROLLBACK'));

test('every query of sql/queries is in this list; copyLabels and copyPredictions, which are no queries, are run with sample rows and uploads', () => {
  expect([...Object.keys(queries), 'copyLabels', 'copyPredictions'].sort()).toEqual(files.sort());
});

test.each(Object.entries(queries))(
  '%s takes its parameters and has the columns that are read of it',
  async (name, { values = [], columns, rows, text = (it) => it }) => {
    const sql = text(readFileSync(`sql/queries/${name}.sql`, 'utf8'));
    const found = await client.query(sql, values);
    const fields = found.fields.map(({ name, dataTypeID }) => [name, typeNames.get(dataTypeID)]);
    expect(Object.fromEntries(fields)).toEqual(columns);
    expect(found.rows).toHaveLength(rows ?? 1);
  },
);

test.each(files)('%s opens with what it is for, and tells each of its parameters', (name) => {
  const sql = readFileSync(`sql/queries/${name}.sql`, 'utf8');
  const comment = sql
    .split('\n')
    .filter((line) => line.startsWith('--'))
    .join('\n');
  const statement = sql
    .split('\n')
    .filter((line) => !line.startsWith('--'))
    .join('\n');
  expect(sql.startsWith('-- ')).toBe(true);
  const told = new Set(comment.match(/\$\d+/g));
  const used = new Set(statement.match(/\$\d+/g));
  expect([...used].filter((parameter) => !told.has(parameter))).toEqual([]);
});
