import { type Statement, statementsOfRole } from './calls';
import { entries } from './functions';
import { configurations, removeFolder, type Template, template } from './package';

// What keeps strangers, mistakes and stolen rights away from runs and data.

const templates: Record<string, Template> = {};
const of = (configuration: string) => templates[configuration] as Template;
const each = ['url', 'managed'];

const roles = {
  DATABASE_APP_URL: 'postgres://app@db.example.com:5432/metrics?sslmode=verify-full',
  DATABASE_APP_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-AbCdEf',
  DATABASE_READ_URL: 'postgres://reader@db.example.com:5432/metrics?sslmode=verify-full',
  DATABASE_READ_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:read-AbCdEf',
};

beforeAll(async () => {
  for (const name of each) templates[name] = await template(configurations[name] as Record<string, string>);
});
afterAll(removeFolder);

const logicalId = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
const propertiesOf = (configuration: string, id: string) => of(configuration).Resources[id]?.Properties;
const lambda = (configuration: string, name: string) =>
  propertiesOf(configuration, `${logicalId(name)}LambdaFunction`);
const ofType = (configuration: string, type: string) =>
  Object.values(of(configuration).Resources).flatMap((it) => (it.Type === type ? [it.Properties] : []));

const key = { 'Fn::GetAtt': ['EncryptionKey', 'Arn'] };

test.each(each)('%s: logs, alarms and generated secrets are encrypted with one key', (configuration) => {
  for (const group of ofType(configuration, 'AWS::Logs::LogGroup')) expect(group.KmsKeyId).toEqual(key);
  for (const secret of ofType(configuration, 'AWS::SecretsManager::Secret'))
    expect(secret.KmsKeyId).toEqual(key);
  expect(propertiesOf(configuration, 'Alarms').KmsMasterKeyId).toEqual({ Ref: 'EncryptionKey' });
  expect(ofType(configuration, 'AWS::KMS::Key')).toMatchObject([{ EnableKeyRotation: true }]);
});

test('the key is for its account, the log groups of this stage, and alarms of this account', () => {
  const [account, logs, alarms] = propertiesOf('url', 'EncryptionKey').KeyPolicy.Statement;
  expect(account.Principal).toEqual({
    AWS: { 'Fn::Sub': expect.stringMatching(/:\$\{AWS::AccountId\}:root$/) },
  });
  expect(logs.Principal.Service['Fn::Sub']).toMatch(/^logs\.\$\{AWS::Region\}\.\$\{AWS::URLSuffix\}$/);
  const context = logs.Condition.ArnLike['kms:EncryptionContext:aws:logs:arn']['Fn::Sub'];
  const [, pattern] =
    /^arn:\$\{AWS::Partition\}:logs:\$\{AWS::Region\}:\$\{AWS::AccountId\}:log-group:(.+)$/.exec(
      context,
    ) as unknown as [string, string];
  const covered = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
  for (const { LogGroupName } of ofType('managed', 'AWS::Logs::LogGroup'))
    expect(LogGroupName).toMatch(covered);
  expect('/aws/lambda/another-prod-schedule').not.toMatch(covered);
  expect(alarms).toMatchObject({
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
  });
});

test.each(each)('%s: what a stranger can make run has a concurrency of its own', (configuration) => {
  const reserved = entries.map(([name]) => [
    name,
    lambda(configuration, name).ReservedConcurrentExecutions?.['Fn::If'],
  ]);
  const nothing = { Ref: 'AWS::NoValue' };
  const share = ['PublicLimited', { Ref: 'PublicConcurrency' }, nothing];
  expect(reserved.filter(([, it]) => it)).toEqual([
    ['health', share],
    ['dashboard', share],
    ['openapi', share],
    ['notFound', share],
    ['authorize', share],
    ['computeAccuracy', ['RunsLimited', { Ref: 'RunConcurrency' }, nothing]],
  ]);
  expect(of(configuration).values).toMatchObject({ PublicConcurrency: '10', RunConcurrency: 'none' });
});

test.each(each)(
  '%s: every route without a token has a throttle, set when the route is there',
  (configuration) => {
    const open = Object.entries(of(configuration).Resources).filter(
      ([, { Type, Properties }]) => Type === 'AWS::ApiGatewayV2::Route' && !Properties.AuthorizerId,
    );
    expect(open.length).toBeGreaterThan(5);
    const stage = of(configuration).Resources.HttpApiStage;
    const { DefaultRouteSettings, RouteSettings } = stage?.Properties ?? {};
    expect(Object.keys(RouteSettings).sort()).toEqual(open.map(([, it]) => it.Properties.RouteKey).sort());
    expect([...(stage?.DependsOn ?? [])].sort()).toEqual(
      ['HttpApiLogGroup', ...open.map(([id]) => id)].sort(),
    );
    for (const { ThrottlingRateLimit } of Object.values(RouteSettings) as { ThrottlingRateLimit: number }[])
      expect(ThrottlingRateLimit).toBeLessThan(DefaultRouteSettings.ThrottlingRateLimit);
  },
);

const secretsOf = (configuration: string, name: string) =>
  statementsOfRole(of(configuration), `${logicalId(name)}Role`)
    .filter(({ Action }: Statement) => Action === 'secretsmanager:GetSecretValue')
    .flatMap(({ Resource }) => Resource)
    .filter((secret) => (secret as { Ref?: string }).Ref !== 'AlertChannelsSecretArn');

const ifRoles = (given: string, otherwise: string) => ({
  'Fn::If': ['DatabaseHasRoles', { Ref: given }, { Ref: otherwise }],
});

const connections: Record<string, Record<string, { url: unknown; secret: unknown }>> = {
  url: {
    owner: { url: { Ref: 'DatabaseUrl' }, secret: { Ref: 'DatabaseSecretArn' } },
    app: {
      url: ifRoles('DatabaseAppUrl', 'DatabaseUrl'),
      secret: ifRoles('DatabaseAppSecretArn', 'DatabaseSecretArn'),
    },
    read: {
      url: ifRoles('DatabaseReadUrl', 'DatabaseUrl'),
      secret: ifRoles('DatabaseReadSecretArn', 'DatabaseSecretArn'),
    },
  },
  managed: {
    owner: {
      url: { 'Fn::Sub': expect.stringContaining('//metrics@') },
      secret: { 'Fn::GetAtt': ['Database', 'MasterUserSecret.SecretArn'] },
    },
    app: {
      url: { 'Fn::Sub': expect.stringContaining('//metrics_app@') },
      secret: { Ref: 'DatabaseAppSecret' },
    },
    read: {
      url: { 'Fn::Sub': expect.stringContaining('//metrics_read@') },
      secret: { Ref: 'DatabaseReadSecret' },
    },
  },
};

test.each(each)('%s: a function connects as its role, and may read that password alone', (configuration) => {
  const { owner, app, read } = connections[configuration] as Record<
    'owner' | 'app' | 'read',
    { url: unknown; secret: unknown }
  >;
  for (const [name, { database, redis }] of entries) {
    const { DATABASE_URL, DATABASE_SECRET_ARN } = lambda(configuration, name).Environment.Variables;
    const found = secretsOf(configuration, name);
    if (!database) expect([name, DATABASE_URL, found.length]).toEqual([name, undefined, 0]);
    else {
      const as = { owner, app, read }[database];
      expect([name, DATABASE_URL, DATABASE_SECRET_ARN]).toEqual([name, as.url, as.secret]);
      const passwords = database === 'owner' ? [owner.secret, app.secret, read.secret] : [as.secret];
      expect([name, found.slice(0, passwords.length)]).toEqual([name, passwords]);
      expect([name, found.length]).toEqual([name, passwords.length + (redis ? 1 : 0)]);
    }
  }
});

test('only migrate connects as the owner, and is told the other roles', () => {
  expect(entries.filter(([, { database }]) => database === 'owner').map(([name]) => name)).toEqual([
    'migrate',
  ]);
  expect(lambda('managed', 'migrate').Environment.Variables).toMatchObject({
    DATABASE_APP_URL: connections.managed?.app?.url,
    DATABASE_APP_SECRET_ARN: connections.managed?.app?.secret,
    DATABASE_READ_URL: connections.managed?.read?.url,
    DATABASE_READ_SECRET_ARN: connections.managed?.read?.secret,
  });
});

test('roles of a database by URL are all set or none', async () => {
  const url = configurations.url as Record<string, string>;
  expect(of('url').values).toMatchObject({ DatabaseAppUrl: 'none', DatabaseReadSecretArn: 'none' });
  expect((await template({ ...url, ...roles })).values).toMatchObject({
    DatabaseAppUrl: roles.DATABASE_APP_URL,
    DatabaseReadSecretArn: roles.DATABASE_READ_SECRET_ARN,
  });
  const { DATABASE_READ_SECRET_ARN: _, ...incomplete } = roles;
  const refused = await template({ ...url, ...incomplete }).catch(({ stdout, stderr }) => stdout + stderr);
  expect(refused).toContain('set DATABASE_READ_SECRET_ARN too, or none of');
});

test('the proxy may read the passwords of the roles that connect through it', () => {
  const { Auth } = propertiesOf('managed', 'DatabaseProxy');
  const secrets = Object.values(connections.managed ?? {}).map(({ secret }) => secret);
  expect(Auth.map(({ SecretArn }: { SecretArn: unknown }) => SecretArn)).toEqual(secrets);
  const [read, decrypt] = statementsOfRole(of('managed'), 'DatabaseProxyRole');
  expect(read?.Resource).toEqual(secrets);
  expect(decrypt).toMatchObject({ Action: 'kms:Decrypt', Resource: key });
});

test('a managed database is protected against deletion, unless that was switched off', async () => {
  expect(propertiesOf('managed', 'Database').DeletionProtection).toEqual({ Ref: 'DeletionProtection' });
  expect(of('managed').values.DeletionProtection).toBe('true');
  const off = await template({ ...configurations.managed, DELETION_PROTECTION: 'false' });
  expect(off.values.DeletionProtection).toBe('false');
});

test('all traffic of the managed network is logged, by a role that may do nothing else', () => {
  expect(ofType('managed', 'AWS::EC2::FlowLog')).toMatchObject([
    { ResourceId: { Ref: 'Network' }, TrafficType: 'ALL', LogGroupName: { Ref: 'FlowLogGroup' } },
  ]);
  expect(statementsOfRole(of('managed'), 'FlowLogRole')).toEqual([
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
      Resource: { 'Fn::GetAtt': ['FlowLogGroup', 'Arn'] },
    },
  ]);
});
