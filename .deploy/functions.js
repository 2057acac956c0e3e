/**
 * The Lambda functions. To add one, write functions/<name>.ts and an entry in the table below: its role and its alarm
 * follow from it.
 *
 * @typedef {object} Entry
 * @property {string[]} [routes] routes of the HTTP API
 * @property {true} [public] its routes need no token
 * @property {string} [every] how often EventBridge invokes it: `rate(...)` or `cron(...)`
 * @property {(keyof typeof import('./permissions.js').passwords)[]} [stores] stores that it connects to: it runs in
 *   their VPC, and may read their passwords
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

/** @type {Record<string, Entry>} */
const table = {
  schedule: {
    routes: ['POST /schedule'],
    stores: ['postgres'],
    may: ['putSchedules'],
    environment: { MAX_SCHEDULES: "${env:MAX_SCHEDULES, ''}" },
  },
  listSchedules: { routes: ['GET /schedule'], stores: ['postgres'] },
  previewSchedule: { routes: ['GET /schedule/preview'] },
  getSchedule: { routes: ['GET /schedule/{model_id}'], stores: ['postgres'] },
  updateSchedule: { routes: ['PATCH /schedule/{model_id}'], stores: ['postgres'], may: ['putSchedules'] },
  deleteSchedule: { routes: ['DELETE /schedule/{model_id}'], stores: ['postgres'], may: ['deleteSchedules'] },
  runNow: { routes: ['POST /schedule/{model_id}/run'], may: ['invokeComputeAccuracy'] },
  getResult: { routes: ['GET /results/{model_id}'], stores: ['postgres', 'redis'] },
  listRuns: { routes: ['GET /results/{model_id}/history'], stores: ['postgres'] },
  listMissed: { routes: ['GET /results/{model_id}/missed'], stores: ['postgres'] },
  overview: { routes: ['GET /overview'], stores: ['postgres'] },
  addPredictions: { routes: ['POST /predictions/{model_id}'], stores: ['postgres'] },

  health: { routes: ['GET /health'], public: true, stores: ['postgres', 'redis'] },
  dashboard: { routes: ['GET /', 'GET /dashboard/{version}/{file}'], public: true },
  openapi: { routes: ['GET /openapi.json'], public: true },
  notFound: {
    // The last two would otherwise change or delete the schedule of a model named "preview".
    routes: ['*', 'PATCH /schedule/preview', 'DELETE /schedule/preview'],
    public: true,
  },

  // API Gateway invokes it to check the token of a call, unless the route is public.
  authorize: {},

  // EventBridge Scheduler and runNow invoke it.
  computeAccuracy: {
    stores: ['postgres', 'redis'],
    may: ['sendFailedRuns'],
    timeout: 60,
    memorySize: 1024,
    reservedConcurrency: { 'Fn::If': ['RunsLimited', { Ref: 'RunConcurrency' }, { Ref: 'AWS::NoValue' }] },
    // After two retries, or six hours of being throttled, Lambda sends the event to FailedRuns.
    maximumRetryAttempts: 2,
    maximumEventAge: 21600,
    destinations: { onFailure: { type: 'sqs', arn: { 'Fn::GetAtt': ['FailedRuns', 'Arn'] } } },
    errorsAlarm: { description: 'Runs fail', periods: 3 },
  },
  reconcile: {
    every: '${param:reconcileEvery}',
    stores: ['postgres'],
    may: ['putSchedules', 'deleteSchedules', 'getSchedules', 'listSchedules'],
    timeout: 900,
    maximumRetryAttempts: 0,
    environment: { DATABASE_POOL_MAX: 8 },
    errorsAlarm: { description: 'Reconcile fails', periods: 3 },
  },
  watch: {
    every: 'rate(1 minute)',
    stores: ['postgres'],
    may: ['invokeComputeAccuracy'],
    timeout: 60,
    maximumRetryAttempts: 0,
    errorsAlarm: { description: 'Overdue runs are not looked for', periods: 1 },
  },
  prune: {
    every: 'rate(1 day)',
    stores: ['postgres'],
    timeout: 900,
    maximumRetryAttempts: 0,
    environment: {
      RUNS_KEEP_DAYS: '${env:RUNS_KEEP_DAYS, 90}',
      RUNS_KEEP_PER_MODEL: '${env:RUNS_KEEP_PER_MODEL, 100000}',
    },
    errorsAlarm: { description: 'Old runs are not deleted', periods: 1 },
  },
  // Invoked after a deploy by `npm run migrate:aws`.
  migrate: {
    stores: ['postgres'],
    timeout: 900,
    maximumRetryAttempts: 0,
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
  { routes = [], public: isPublic, every, stores = [], may, errorsAlarm, ...settings },
) => ({
  handler: `functions/${name}.handler`,
  role: `${logicalId(name)}Role`,
  ...(stores.length > 0 && { vpc: '${param:vpc}' }),
  ...settings,
  events: [
    ...routes.map((route) => ({ httpApi: isPublic ? route : withToken(route) })),
    ...(every ? [{ schedule: every }] : []),
  ],
});

const entries = Object.entries(table);

const functions = Object.fromEntries(entries.map(([name, entry]) => [name, toFunction(name, entry)]));

module.exports = { entries, functions, logicalId };
