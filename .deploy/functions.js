/**
 * The Lambda functions. To add one, write functions/<name>.ts and an entry in the table below: its role and its alarm
 * follow from it.
 *
 * @typedef {object} Entry
 * @property {string[]} [routes] routes of the HTTP API
 * @property {true} [public] anybody can make it run, since it needs no token: it has a concurrency of its own
 * @property {string} [every] how often EventBridge invokes it: `rate(...)` or `cron(...)`
 * @property {keyof typeof databaseOf} [database] the role that it connects to PostgreSQL as: `read`, or `app` if it
 *   writes. Only `owner` may change tables. It runs in the VPC of the stores, and may read that role's password
 * @property {true} [redis] it connects to Redis: the same
 * @property {(keyof typeof import('./permissions.js').calls)[]} [may] what it may call besides
 * @property {{ description: string, periods: number }} [errorsAlarm] for a function whose errors no caller sees: goes
 *   off after so many periods of five minutes with an error in each
 *
 * The rest are properties of Serverless Framework's functions:
 * @property {number} [timeout] seconds
 * @property {number} [memorySize] MB
 * @property {object} [reservedConcurrency]
 * @property {number} [maximumRetryAttempts]
 * @property {number} [maximumEventAge] seconds
 * @property {object} [destinations]
 * @property {Record<string, string | number>} [environment]
 * @property {object} [package]
 */

/** Where each role of PostgreSQL connects to, and the secret that has its password. */
const databaseOf = {
  owner: {
    DATABASE_URL: '${param:databaseUrl}',
    DATABASE_SECRET_ARN: '${param:databaseSecretArn}',
  },
  app: {
    DATABASE_URL: '${param:databaseAppUrl}',
    DATABASE_SECRET_ARN: '${param:databaseAppSecretArn}',
  },
  read: {
    DATABASE_URL: '${param:databaseReadUrl}',
    DATABASE_SECRET_ARN: '${param:databaseReadSecretArn}',
  },
};

/** @param {string} condition @param {string} parameter */
const ifSet = (condition, parameter) => ({
  'Fn::If': [condition, { Ref: parameter }, { Ref: 'AWS::NoValue' }],
});

/** What it takes to tell people of alerts. */
const toPeople = {
  ALERT_CHANNELS: '${param:alertChannels}',
  ALERT_CHANNELS_SECRET_ARN: '${param:alertChannelsSecretArn}',
  WEBHOOK_ALLOW: "${env:WEBHOOK_ALLOW, ''}",
  PUBLIC_URL: "${env:PUBLIC_URL, ''}",
};

/** @type {Record<string, Entry>} */
const table = {
  schedule: {
    routes: ['POST /schedule'],
    database: 'app',
    may: ['putSchedules'],
    environment: { MAX_SCHEDULES: "${env:MAX_SCHEDULES, ''}" },
  },
  listSchedules: { routes: ['GET /schedule'], database: 'read' },
  previewSchedule: { routes: ['GET /schedule/preview'] },
  getSchedule: { routes: ['GET /schedule/{model_id}'], database: 'read' },
  updateSchedule: { routes: ['PATCH /schedule/{model_id}'], database: 'app', may: ['putSchedules'] },
  deleteSchedule: { routes: ['DELETE /schedule/{model_id}'], database: 'app', may: ['deleteSchedules'] },
  applySchedules: {
    routes: ['PUT /schedules'],
    database: 'app',
    may: ['putSchedules', 'deleteSchedules'],
    environment: { MAX_SCHEDULES: "${env:MAX_SCHEDULES, ''}", DATABASE_POOL_MAX: 8 },
  },
  setReference: { routes: ['PUT /schedule/{model_id}/reference'], database: 'app' },
  removeReference: { routes: ['DELETE /schedule/{model_id}/reference'], database: 'app' },
  backfill: {
    routes: ['POST /schedule/{model_id}/backfill'],
    database: 'app',
    environment: { RUNS_KEEP_DAYS: '${env:RUNS_KEEP_DAYS, 90}' },
  },
  getBackfill: { routes: ['GET /schedule/{model_id}/backfill'], database: 'read' },
  cancelBackfill: { routes: ['DELETE /schedule/{model_id}/backfill'], database: 'app' },
  runNow: { routes: ['POST /schedule/{model_id}/run'], may: ['invokeComputeAccuracy'] },
  getResult: { routes: ['GET /results/{model_id}'], database: 'read', redis: true },
  // Two columns of 64 MiB take 325 MB, and as many classes as samples more.
  getReport: { routes: ['GET /results/{model_id}/report'], database: 'read', memorySize: 1024 },
  listRuns: { routes: ['GET /results/{model_id}/history'], database: 'read' },
  listMissed: { routes: ['GET /results/{model_id}/missed'], database: 'read' },
  overview: { routes: ['GET /overview'], database: 'read' },
  exposeMetrics: { routes: ['GET /metrics'], database: 'read' },
  listAlerts: { routes: ['GET /alerts'], database: 'read' },
  testAlerts: { routes: ['POST /alerts/test'], may: ['tellPeople'], environment: toPeople },
  listAudit: { routes: ['GET /alert-audit'], database: 'read' },
  addMaintenance: { routes: ['POST /maintenance'], database: 'app' },
  listMaintenance: { routes: ['GET /maintenance'], database: 'read' },
  deleteMaintenance: { routes: ['DELETE /maintenance/{id}'], database: 'app' },
  listTagRules: { routes: ['GET /alert-defaults'], database: 'read' },
  putTagRule: { routes: ['PUT /alert-defaults/{tag}/{rule}'], database: 'app' },
  deleteTagRule: { routes: ['DELETE /alert-defaults/{tag}/{rule}'], database: 'app' },
  getAlerts: { routes: ['GET /alerts/{model_id}'], database: 'read' },
  putRule: { routes: ['PUT /alerts/{model_id}/{rule}'], database: 'app' },
  deleteRule: { routes: ['DELETE /alerts/{model_id}/{rule}'], database: 'app' },
  snoozeAlert: { routes: ['PUT /alerts/{model_id}/{rule}/snooze'], database: 'app' },
  tryRule: { routes: ['POST /alerts/{model_id}/{rule}/try'], database: 'read' },
  addPredictions: {
    routes: ['POST /predictions/{model_id}'],
    database: 'app',
    memorySize: 1024,
    environment: { PREDICTIONS_KEEP_DAYS: '${env:PREDICTIONS_KEEP_DAYS, 90}' },
  },
  listPredictions: { routes: ['GET /predictions/{model_id}'], database: 'read' },
  deletePredictions: { routes: ['DELETE /predictions/{model_id}'], database: 'app' },
  addLabels: { routes: ['POST /labels/{model_id}'], database: 'app', memorySize: 1024 },

  health: {
    routes: ['GET /health'],
    public: true,
    database: 'read',
    redis: true,
    environment: { RECONCILE_EVERY: '${param:reconcileEvery}' },
  },
  dashboard: { routes: ['GET /', 'GET /dashboard/{version}/{file}'], public: true },
  openapi: { routes: ['GET /openapi.json'], public: true },
  notFound: {
    // The others would otherwise be calls for a model named "preview" or "test".
    routes: ['*', 'PATCH /schedule/preview', 'DELETE /schedule/preview', 'GET /alerts/test'],
    public: true,
  },

  // API Gateway invokes it to check the token of a call, unless the route is public.
  authorize: { public: true },

  // EventBridge Scheduler and runNow invoke it.
  computeAccuracy: {
    database: 'app',
    redis: true,
    may: ['sendFailedRuns', 'invokeNotify'],
    environment: { NOTIFY_ARN: '${param:notifyArn}' },
    timeout: 60,
    memorySize: 1024,
    reservedConcurrency: ifSet('RunsLimited', 'RunConcurrency'),
    // After two retries, or six hours of being throttled, Lambda sends the event to FailedRuns.
    maximumRetryAttempts: 2,
    maximumEventAge: 21600,
    destinations: { onFailure: { type: 'sqs', arn: { 'Fn::GetAtt': ['FailedRuns', 'Arn'] } } },
    errorsAlarm: { description: 'Runs fail', periods: 3 },
  },
  reconcile: {
    every: '${param:reconcileEvery}',
    database: 'app',
    may: ['putSchedules', 'deleteSchedules', 'getSchedules', 'listSchedules'],
    timeout: 900,
    maximumRetryAttempts: 0,
    environment: { DATABASE_POOL_MAX: 8 },
    errorsAlarm: { description: 'Reconcile fails', periods: 3 },
  },
  watch: {
    every: 'rate(1 minute)',
    database: 'app',
    may: ['invokeComputeAccuracy', 'invokeNotify'],
    timeout: 60,
    maximumRetryAttempts: 0,
    environment: {
      NOTIFY_ARN: '${param:notifyArn}',
      HEARTBEAT_URL: "${env:HEARTBEAT_URL, ''}",
      WEBHOOK_ALLOW: "${env:WEBHOOK_ALLOW, ''}",
    },
    errorsAlarm: { description: 'Overdue runs are not looked for', periods: 1 },
  },
  // A run with something to tell, and watch, invoke it.
  notify: {
    database: 'app',
    may: ['tellPeople'],
    timeout: 60,
    maximumRetryAttempts: 0,
    environment: { ...toPeople, DATABASE_POOL_MAX: 8 },
    errorsAlarm: { description: 'Nobody is told of alerts', periods: 3 },
  },
  prune: {
    every: 'rate(1 day)',
    database: 'app',
    timeout: 900,
    maximumRetryAttempts: 0,
    environment: {
      PREDICTIONS_KEEP_DAYS: '${env:PREDICTIONS_KEEP_DAYS, 90}',
      RESULTS_KEEP_DAYS: "${env:RESULTS_KEEP_DAYS, ''}",
      RUNS_KEEP_DAYS: '${env:RUNS_KEEP_DAYS, 90}',
      RUNS_KEEP_PER_MODEL: '${env:RUNS_KEEP_PER_MODEL, 100000}',
    },
    errorsAlarm: { description: 'Old runs are not deleted', periods: 1 },
  },
  // Invoked after a deploy by `npm run migrate:aws`.
  migrate: {
    database: 'owner',
    timeout: 900,
    maximumRetryAttempts: 0,
    // It makes these roles.
    environment: {
      DATABASE_APP_URL: '${param:databaseAppUrl}',
      DATABASE_APP_SECRET_ARN: '${param:databaseAppSecretArn}',
      DATABASE_READ_URL: '${param:databaseReadUrl}',
      DATABASE_READ_SECRET_ARN: '${param:databaseReadSecretArn}',
    },
    package: { patterns: ['sql/migrations/*'] },
  },
};

/** The name in CloudFormation, as Serverless Framework derives it. @param {string} name */
const logicalId = (name) => name.charAt(0).toUpperCase() + name.slice(1);

/** @param {string} route */
const withToken = (route) => {
  const [method, path] = route.split(' ');
  return { method, path, authorizer: { name: 'caller' } };
};

/** @param {string} name @param {Entry} entry */
const toFunction = (
  name,
  { routes = [], public: isPublic, every, database, redis, may, errorsAlarm, environment, ...settings },
) => ({
  handler: `functions/${name}.handler`,
  role: `${logicalId(name)}Role`,
  ...((database || redis) && { vpc: '${param:vpc}' }),
  ...(isPublic && { reservedConcurrency: ifSet('PublicLimited', 'PublicConcurrency') }),
  ...settings,
  environment: { ...(database && databaseOf[database]), ...environment },
  events: [
    ...routes.map((route) => ({ httpApi: isPublic ? route : withToken(route) })),
    ...(every ? [{ schedule: every }] : []),
  ],
});

const entries = Object.entries(table);

const functions = Object.fromEntries(entries.map(([name, entry]) => [name, toFunction(name, entry)]));

module.exports = { entries, functions, logicalId };
