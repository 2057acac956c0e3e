import { httpHandler } from '../lib/http/handler';
import { type Family, openMetrics } from '../lib/http/openMetrics';
import type { Output } from '../lib/http/route';
import { route } from '../lib/http/routes/exposeMetrics';
import type { Database } from '../lib/postgres/database';
import { database } from '../lib/runtime/clients';
import { type Status, statuses } from '../lib/schedule/modelList';
import readMetricsSql from '../sql/queries/readMetrics.sql';

/** Of one model, in readMetrics.sql. */
interface Model {
  model_id: string;
  name: string | null;
  status: Status;
  stale: boolean;
  data_age: number | null;
  run_age: number | null;
  alerts: number;
  metrics: Record<string, number | null>;
}

/** The row of readMetrics.sql. */
export interface Found {
  models: string;
  statuses: Partial<Record<Status, number>>;
  services: Record<string, number>;
  overdue: number;
  catch_ups: number;
  deliveries: Record<'waiting' | 'dead', number>;
  runs: Record<string, number>;
  /** Of 0.5, 0.95 and 1; empty while there is none. */
  lateness: number[];
  duration: number[];
}

type Sample = Family['samples'][number];

const gauge = (name: string, help: string, samples: Sample[]): Family => ({
  name,
  type: 'gauge',
  help,
  samples,
});

const seconds = (name: string, help: string, samples: Sample[]): Family => ({
  ...gauge(name, help, samples),
  unit: 'seconds',
});

const present = (samples: { labels: Sample['labels']; value: number | null }[]): Sample[] =>
  samples.filter((sample): sample is Required<Sample> => sample.value !== null);

const modelFamilies = (models: Model[]): Family[] => {
  const each = (value: (model: Model) => number | null) =>
    present(models.map((model) => ({ labels: { model_id: model.model_id }, value: value(model) })));
  return [
    gauge(
      'cyclic_model_metric',
      "The value of each metric of a model's schedule in its newest run",
      models.flatMap(({ model_id, metrics }) =>
        present(Object.entries(metrics).map(([metric, value]) => ({ labels: { model_id, metric }, value }))),
      ),
    ),
    {
      name: 'cyclic_model',
      type: 'info',
      help: 'What people call a model; its model_id where it has no name',
      samples: models.map(({ model_id, name }) => ({
        labels: { model_id, name: name ?? model_id },
        value: 1,
      })),
    },
    gauge(
      'cyclic_model_status',
      'Always 1; the label says how a model stands',
      models.map(({ model_id, status }) => ({ labels: { model_id, status }, value: 1 })),
    ),
    gauge(
      'cyclic_model_stale',
      'Whether a model has missed its newest due time',
      each(({ stale }) => Number(stale)),
    ),
    gauge(
      'cyclic_model_firing_alerts',
      'How many of the alerts of a model are firing',
      each(({ alerts }) => alerts),
    ),
    seconds(
      'cyclic_model_data_age_seconds',
      'How long ago the data of the newest run came in',
      each(({ data_age }) => data_age),
    ),
    seconds(
      'cyclic_model_run_age_seconds',
      'How long ago the newest run was due',
      each(({ run_age }) => run_age),
    ),
  ];
};

const runStatuses = ['ok', 'no_data', 'invalid_data', 'insufficient_data', 'missed'];

const quantiles = (name: string, help: string, values: number[]): Family => ({
  ...seconds(
    name,
    help,
    present(
      ['0.5', '0.95', '1'].map((quantile, at) => ({ labels: { quantile }, value: values[at] ?? null })),
    ),
  ),
  type: 'summary',
});

const serviceFamilies = (found: Found): Family[] => [
  gauge(
    'cyclic_models',
    'How many models have a schedule, by status',
    statuses.map((status) => ({ labels: { status }, value: found.statuses[status] ?? 0 })),
  ),
  gauge(
    'cyclic_recent_runs',
    'How many runs were due in the last five minutes, by what came of them',
    runStatuses.map((status) => ({ labels: { status }, value: found.runs[status] ?? 0 })),
  ),
  quantiles(
    'cyclic_recent_run_lateness_seconds',
    'How long after their due time the runs of the last five minutes began',
    found.lateness,
  ),
  quantiles(
    'cyclic_recent_run_duration_seconds',
    'How long the runs of the last five minutes took',
    found.duration,
  ),
  gauge('cyclic_overdue_models', 'How many models watch is to look after now', [{ value: found.overdue }]),
  gauge('cyclic_waiting_catch_ups', 'How many missed runs are to be invoked late', [
    { value: found.catch_ups },
  ]),
  gauge(
    'cyclic_alert_deliveries',
    'How many messages of alerts wait to be sent, and how many were given up',
    Object.entries(found.deliveries).map(([state, value]) => ({ labels: { state }, value })),
  ),
  seconds(
    'cyclic_service_finished_timestamp_seconds',
    'When what runs by itself ended last, since 1970',
    Object.entries(found.services).map(([service, value]) => ({ labels: { service }, value })),
  ),
];

/** All that Prometheus is told, by name. */
export const familiesOf = (found: Found): Family[] => [
  ...serviceFamilies(found),
  ...modelFamilies(JSON.parse(found.models)),
];

/** How the service and every model stand. */
export const exposeMetrics =
  ({ db }: { db: Database }) =>
  async (): Promise<Output<typeof route>> => {
    const [found] = await db.query<Found>(readMetricsSql);
    return { status: 200, body: openMetrics(familiesOf(found as Found)) };
  };

/** Ten thousand models take half a second. */
const timeoutMs = 20_000;

export const handler = httpHandler(route, async () => exposeMetrics({ db: database(timeoutMs) }));
