const { entries, logicalId } = require('./functions.js');

/**
 * Goes off when the sum of a metric over five minutes is above zero, unless `overrides` says otherwise.
 *
 * @param {string} description
 * @param {[namespace: string, name: string, dimensions: Record<string, unknown>]} metric
 * @param {object} [overrides] properties of AWS::CloudWatch::Alarm
 */
const alarm = (description, [Namespace, MetricName, dimensions], overrides) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmDescription: description,
    Namespace,
    MetricName,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    Statistic: 'Sum',
    Period: 300,
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
    AlarmActions: [{ Ref: 'Alarms' }],
    OKActions: [{ Ref: 'Alarms' }],
    ...overrides,
  },
});

/** @param {string} description @param {string} queue */
const messagesIn = (description, queue) =>
  alarm(
    description,
    ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
    { Statistic: 'Maximum' },
  );

/** @param {string} description @param {string} metric @param {string} name @param {number} periods */
const ofFunction = (description, metric, name, periods) =>
  alarm(description, ['AWS/Lambda', metric, { FunctionName: { Ref: `${logicalId(name)}LambdaFunction` } }], {
    EvaluationPeriods: periods,
  });

const errorsAlarms = entries.flatMap(([name, { errorsAlarm }]) => {
  if (!errorsAlarm) return [];
  const { description, periods } = errorsAlarm;
  return [[`${logicalId(name)}ErrorsAlarm`, ofFunction(description, 'Errors', name, periods)]];
});

const alarms = {
  Parameters: {
    AlertEmail: { Type: 'String', AllowedPattern: '^(none|\\S+@\\S+)$' },
    AlertChannelsSecretArn: { Type: 'String', AllowedPattern: '^(none|arn:aws[\\w-]*:secretsmanager:.+)$' },
  },
  Conditions: {
    AlertByEmail: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AlertEmail' }, 'none'] }] },
    AlertChannelsAreSecret: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AlertChannelsSecretArn' }, 'none'] }] },
  },
  Resources: {
    Alarms: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: { Ref: 'EncryptionKey' } } },
    AlarmsByEmail: {
      Type: 'AWS::SNS::Subscription',
      Condition: 'AlertByEmail',
      Properties: { TopicArn: { Ref: 'Alarms' }, Protocol: 'email', Endpoint: { Ref: 'AlertEmail' } },
    },
    MissedRunsAlarm: alarm(
      'Models have missed a due time',
      ['CyclicMetrics', 'StaleModels', { service: '${self:service}-${sls:stage}' }],
      { Statistic: 'Maximum', EvaluationPeriods: 2, TreatMissingData: 'ignore' },
    ),
    DeadLettersAlarm: messagesIn('Due times that Lambda did not take', 'DeadLetterQueue'),
    FailedRunsAlarm: messagesIn('Runs that failed three times', 'FailedRuns'),
    DroppedSchedulesAlarm: alarm('Due times that the Scheduler gave up', [
      'AWS/Scheduler',
      'InvocationDroppedCount',
      { ScheduleGroup: { Ref: 'ScheduleGroup' } },
    ]),
    // Who watches is watched: no run of it is missing data.
    WatchSilentAlarm: alarm(
      'watch has not run for five minutes',
      ['AWS/Lambda', 'Invocations', { FunctionName: { Ref: 'WatchLambdaFunction' } }],
      { Threshold: 1, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' },
    ),
    ...Object.fromEntries(errorsAlarms),
    ComputeAccuracyThrottlesAlarm: ofFunction('Runs wait for concurrency', 'Throttles', 'computeAccuracy', 3),
    ApiErrorsAlarm: alarm('The API answers 5xx', ['AWS/ApiGateway', '5xx', { ApiId: { Ref: 'HttpApi' } }], {
      EvaluationPeriods: 2,
    }),
  },
};

module.exports = { alarms };
