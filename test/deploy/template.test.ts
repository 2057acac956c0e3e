import { handler as notFound } from '../../functions/notFound';
import { actionsOfCode, type Statement, statementsOfRole } from './calls';
import { httpEvent } from './events';
import { functions as deployed, entries } from './functions';
import { configurations, removeFolder, type Template, template } from './package';

const functions = Object.keys(deployed);
const templates: Record<string, Template> = {};

const logicalId = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
const role = (name: string) => `${logicalId(name)}Role`;
const lambda = (in_: Template, name: string) => in_.Resources[`${logicalId(name)}LambdaFunction`]?.Properties;
const inVpc = (in_: Template, name: string) => {
  const { VpcConfig } = lambda(in_, name);
  return VpcConfig !== undefined && VpcConfig.SubnetIds.length !== 0;
};
const ofType = (in_: Template, type: string) =>
  Object.values(in_.Resources).filter(({ Type }) => Type === type);
const actions = (statements: Statement[]) => [...new Set(statements.flatMap(({ Action }) => Action))];

beforeAll(async () => {
  for (const [name, settings] of Object.entries(configurations)) templates[name] = await template(settings);
});
afterAll(removeFolder);

const each = Object.keys(configurations);
const of = (configuration: string) => templates[configuration] as Template;

/** What AWS does on a function's behalf, and no line of its code asks for. */
const notByCode: Record<string, string[]> = {
  computeAccuracy: ['sqs:SendMessage'],
  schedule: ['iam:PassRole'],
  updateSchedule: ['iam:PassRole'],
  applySchedules: ['iam:PassRole'],
  reconcile: ['iam:PassRole'],
};

test.each(functions)('%s may call what its code calls, and nothing else', async (name) => {
  const byCode = await actionsOfCode(`functions/${name}.ts`);
  const known = [...byCode, ...(notByCode[name] ?? []), 'logs:CreateLogStream', 'logs:PutLogEvents'];
  if (byCode.includes('secretsmanager:GetSecretValue')) known.push('kms:Decrypt');
  expect(
    actions(statementsOfRole(of('managed'), role(name)))
      .filter((it) => !it.startsWith('xray:'))
      .sort(),
  ).toEqual(known.sort());
});

test.each(each)('%s: every function has a role of its own, that no other has', (configuration) => {
  const roles = functions.map((name) => lambda(of(configuration), name).Role['Fn::GetAtt'][0]);
  expect(roles).toEqual(functions.map(role));
});

test.each(each)('%s: a role has all its permissions before its function is created', (configuration) => {
  expect(ofType(of(configuration), 'AWS::IAM::Policy')).toEqual([]);
  expect(ofType(of(configuration), 'AWS::IAM::ManagedPolicy')).toEqual([]);
  const networkInterfaces = {
    'Fn::Sub': expect.stringMatching(/:policy\/service-role\/AWSLambdaENIManagementAccess$/),
  };
  for (const name of functions) {
    const { ManagedPolicyArns = [] } = of(configuration).Resources[role(name)]?.Properties ?? {};
    expect([name, ManagedPolicyArns]).toEqual([
      name,
      inVpc(of(configuration), name) ? [networkInterfaces] : [],
    ]);
  }
});

test.each(each)('%s: a role is passed to nobody but the Scheduler, and only its own', (configuration) => {
  const passing = functions
    .flatMap((name) => statementsOfRole(of(configuration), role(name)))
    .filter(({ Action }) => [Action].flat().includes('iam:PassRole'));
  expect(passing).toHaveLength(4); // schedule, updateSchedule, applySchedules, reconcile
  for (const statement of passing) {
    expect(statement).toEqual({
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: { 'Fn::GetAtt': ['SchedulerRole', 'Arn'] },
      Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    });
  }
});

test.each(each)(
  '%s: the Scheduler may invoke computeAccuracy alone, for schedules of this stage',
  (configuration) => {
    const { AssumeRolePolicyDocument, Policies } =
      of(configuration).Resources.SchedulerRole?.Properties ?? {};
    expect(AssumeRolePolicyDocument.Statement.Condition).toEqual({
      StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
      ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': ['ScheduleGroup', 'Arn'] } },
    });
    const name = lambda(of(configuration), 'computeAccuracy').FunctionName;
    expect(name).toBe('cyclic-metrics-prod-computeAccuracy');
    const arn = { 'Fn::Sub': expect.stringMatching(new RegExp(`:function:${name}$`)) };
    expect(Policies[0].PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn },
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] } },
    ]);
  },
);

test.each(each)('%s: no resource is "*", where a call knows one', (configuration) => {
  const without = ['scheduler:ListSchedules', 'xray:PutTraceSegments', 'xray:PutTelemetryRecords'];
  const all = functions.flatMap((name) => statementsOfRole(of(configuration), role(name)));
  const wide = all.filter(({ Resource }) => Resource === '*');
  expect(actions(wide).filter((it) => !without.includes(it))).toEqual([]);
});

test.each(each)('%s: no password and no account is in the template', (configuration) => {
  const { values: _, ...written } = of(configuration);
  const text = JSON.stringify(written);
  expect(text).not.toMatch(/:\/\/[^@"/]*:[^@"/]+@/);
  expect(text).not.toMatch(/:\d{12}:/);
  for (const [name, { database }] of entries) {
    const { DATABASE_URL, REDIS_URL } = lambda(of(configuration), name).Environment.Variables;
    expect([name, typeof DATABASE_URL]).toEqual([name, database ? 'object' : 'undefined']);
    expect([name, typeof REDIS_URL]).toEqual([name, 'object']);
  }
});

test('a URL with a password, or without verified TLS, is refused by CloudFormation', () => {
  const pattern = (name: string) =>
    new RegExp((of('url').Parameters[name] as { AllowedPattern: string }).AllowedPattern);
  const database = pattern('DatabaseUrl');
  expect(database.test(configurations.url?.DATABASE_URL as string)).toBe(true);
  for (const bad of [
    '',
    'postgres://metrics:secret@db.example.com/metrics?sslmode=verify-full',
    'postgres://metrics@db.example.com/metrics',
    'postgres://metrics@db.example.com/metrics?sslmode=no-verify',
    'postgres://metrics@db.example.com/metrics?sslmode=require',
  ]) {
    expect([bad, database.test(bad)]).toEqual([bad, false]);
  }
  const redis = pattern('RedisUrl');
  for (const good of ['rediss://h:6379', 'rediss://u@h:6379', 'rediss://u@h/0'])
    expect(redis.test(good)).toBe(true);
  for (const bad of ['', 'redis://h:6379', 'rediss://u:secret@h:6379', 'rediss://:secret@h']) {
    expect([bad, redis.test(bad)]).toEqual([bad, false]);
  }
});

test.each(each)('%s: every log group forgets, every queue and alarm is watched', (configuration) => {
  const groups = ofType(of(configuration), 'AWS::Logs::LogGroup').map(({ Properties }) => Properties);
  const kept = (days: number) => groups.filter(({ RetentionInDays }) => RetentionInDays === days);
  expect(kept(30)).toHaveLength(functions.length + 1);
  expect(kept(7).map(({ LogGroupName }) => LogGroupName)).toEqual(
    configuration === 'managed' ? ['/aws/vpc/cyclic-metrics-prod'] : [],
  );
  expect(groups).toHaveLength(kept(30).length + kept(7).length);
  const alarms = ofType(of(configuration), 'AWS::CloudWatch::Alarm');
  expect(alarms.map(({ Properties }) => Properties.MetricName).sort()).toEqual([
    '5xx',
    'ApproximateNumberOfMessagesVisible',
    'ApproximateNumberOfMessagesVisible',
    'Errors',
    'Errors',
    'Errors',
    'Errors',
    'Errors',
    'InvocationDroppedCount',
    'Invocations',
    'StaleModels',
    'Throttles',
  ]);
  for (const { Properties } of alarms) expect(Properties.AlarmActions).toEqual([{ Ref: 'Alarms' }]);
});

test('with stores by URL, what needs no VPC has none; in one, only what needs the stores', () => {
  const networks = (configuration: string) => functions.filter((name) => inVpc(of(configuration), name));
  expect(networks('url')).toEqual([]);
  const outside = functions.filter((name) => !networks('managed').includes(name));
  expect(outside).toEqual([
    'previewSchedule',
    'runNow',
    'testAlerts',
    'dashboard',
    'openapi',
    'notFound',
    'authorize',
  ]);
  expect(networks('vpc')).toEqual(networks('managed'));
});

test('pages of the origins in CORS_ORIGINS may call, and of no others; what is no origin stops the deploy', async () => {
  const cors = (configuration: string) => of(configuration).Resources.HttpApi?.Properties.CorsConfiguration;
  expect(cors('vpc')).toEqual({
    AllowOrigins: ['https://lab.example', 'http://localhost:8888'],
    AllowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    AllowHeaders: ['authorization', 'content-encoding', 'content-type', 'if-none-match'],
    ExposeHeaders: ['allow', 'etag', 'location', 'retry-after', 'www-authenticate'],
    MaxAge: 600,
  });
  for (const configuration of each.filter((name) => name !== 'vpc'))
    expect(cors(configuration)).toBeUndefined();
  await expect(template({ ...configurations.url, CORS_ORIGINS: '*' })).rejects.toMatchObject({
    stdout: expect.stringContaining('* is no origin'),
  });
});

test('a preflight request, which has no token, reaches a function that needs none, and is answered 204', async () => {
  const [route] = ofType(of('vpc'), 'AWS::ApiGatewayV2::Route').filter(
    ({ Properties }) => Properties.RouteKey === '$default',
  );
  expect(route?.Properties.AuthorizationType ?? 'NONE').toBe('NONE');
  const routeKeys = ofType(of('vpc'), 'AWS::ApiGatewayV2::Route').map(
    ({ Properties }) => Properties.RouteKey,
  );
  expect(routeKeys.filter((key) => /^(OPTIONS|ANY) /.test(key))).toEqual([]);
  const event = httpEvent('OPTIONS', '/schedule', '/schedule', '');
  const headers = { origin: 'https://lab.example', 'access-control-request-method': 'POST' };
  expect(await notFound({ ...event, headers })).toEqual({ statusCode: 204 });
  expect(await notFound(event)).toMatchObject({ statusCode: 405 });
});

test('how long runs are kept is told to prune', () => {
  const kept = (configuration: string) => lambda(of(configuration), 'prune').Environment.Variables;
  expect(kept('url')).toMatchObject({ RUNS_KEEP_DAYS: '90', RUNS_KEEP_PER_MODEL: '100000' });
  expect(kept('managed')).toMatchObject({ RUNS_KEEP_DAYS: '7', RUNS_KEEP_PER_MODEL: '100000' });
});

test('stages live side by side: no name is without the stage', () => {
  for (const configuration of each) {
    for (const [id, { Type, Properties }] of Object.entries(of(configuration).Resources)) {
      const names = Object.entries(Properties ?? {}).filter(
        ([key, value]) => /(Name|Id)$/.test(key) && typeof value === 'string',
      );
      const global = names.filter(([key]) =>
        /^(FunctionName|LogGroupName|Name|\w*CacheName|UserId|UserGroupId|DBProxyName|RoleName|QueueName)$/.test(
          key,
        ),
      );
      for (const [key, value] of global) {
        if (Type.startsWith('AWS::ApiGatewayV2')) continue;
        expect([id, key, value]).toEqual([id, key, expect.stringContaining('prod')]);
      }
    }
  }
});

test('only a final snapshot of the database outlives the stack', () => {
  for (const configuration of each) {
    const kept = Object.entries(of(configuration).Resources as Record<string, { DeletionPolicy?: string }>)
      .filter(([, { DeletionPolicy }]) => DeletionPolicy && DeletionPolicy !== 'Delete')
      .map(([id]) => id);
    expect(kept).toEqual(configuration === 'managed' ? ['Database'] : []);
  }
});
