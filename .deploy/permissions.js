/** @param {string | string[]} Action @param {string | object} Resource */
const allow = (Action, Resource) => ({ Effect: 'Allow', Action, Resource });

const schedules = {
  'Fn::Sub': 'arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule/${ScheduleGroup}/*',
};

/** @param {string[]} secrets */
const read = (...secrets) => allow('secretsmanager:GetSecretValue', secrets);

/** What `database` in functions.js allows. The owner gives the others their passwords. */
const databasePasswords = {
  owner: read(
    '${param:databaseSecretArn}',
    '${param:databaseAppSecretArn}',
    '${param:databaseReadSecretArn}',
  ),
  app: read('${param:databaseAppSecretArn}'),
  read: read('${param:databaseReadSecretArn}'),
};

/** What `redis` allows. */
const redisPassword = '${self:custom.stores.readRedisSecret}';

/** What `may` in functions.js allows. */
const calls = {
  putSchedules: [
    allow(['scheduler:CreateSchedule', 'scheduler:UpdateSchedule'], schedules),
    allow('scheduler:CreateScheduleGroup', { 'Fn::GetAtt': ['ScheduleGroup', 'Arn'] }),
    {
      ...allow('iam:PassRole', { 'Fn::GetAtt': ['SchedulerRole', 'Arn'] }),
      Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    },
  ],
  deleteSchedules: allow('scheduler:DeleteSchedule', schedules),
  getSchedules: allow('scheduler:GetSchedule', schedules),
  listSchedules: allow('scheduler:ListSchedules', '*'), // IAM knows no narrower resource for this call
  invokeComputeAccuracy: allow('lambda:InvokeFunction', '${param:computeAccuracyArn}'),
  invokeNotify: allow('lambda:InvokeFunction', '${param:notifyArn}'),
  // Topics whose names begin with the name of this deployment.
  tellPeople: [
    {
      'Fn::If': [
        'AlertChannelsAreSecret',
        allow('secretsmanager:GetSecretValue', { Ref: 'AlertChannelsSecretArn' }),
        { Ref: 'AWS::NoValue' },
      ],
    },
    allow('sns:Publish', {
      'Fn::Sub': 'arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${self:service}-${sls:stage}-*',
    }),
  ],
  // Lambda sends them itself, in the role of the function that failed.
  sendFailedRuns: allow('sqs:SendMessage', { 'Fn::GetAtt': ['FailedRuns', 'Arn'] }),
};

module.exports = { allow, databasePasswords, redisPassword, calls };
