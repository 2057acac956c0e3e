const { entries, logicalId } = require('./functions.js');

const key = { 'Fn::GetAtt': ['EncryptionKey', 'Arn'] };

/** @param {string} text */
const sub = (text) => ({ 'Fn::Sub': text });

const keyPolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'AccountByItsOwnPolicies',
      Effect: 'Allow',
      Principal: { AWS: sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root') },
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'LogGroupsOfThisStage',
      Effect: 'Allow',
      Principal: { Service: sub('logs.${AWS::Region}.${AWS::URLSuffix}') },
      Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      Resource: '*',
      Condition: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': sub(
            'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/*/${self:service}-${sls:stage}*',
          ),
        },
      },
    },
    {
      Sid: 'AlarmsToTheirTopic',
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: '*',
      Condition: {
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
        ArnLike: {
          'aws:SourceArn': sub('arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*'),
        },
      },
    },
  ],
};

/** Serverless Framework makes these log groups. */
const logGroups = [...entries.map(([name]) => `${logicalId(name)}LogGroup`), 'HttpApiLogGroup'];

/** One key for all that this stack writes down about its work: logs, alarms, generated passwords. */
const encryption = {
  Resources: {
    EncryptionKey: {
      Type: 'AWS::KMS::Key',
      Properties: {
        Description: 'Logs, alarms and secrets of ${self:service}-${sls:stage}',
        EnableKeyRotation: true,
        PendingWindowInDays: 7,
        KeyPolicy: keyPolicy,
      },
    },
  },
  extensions: Object.fromEntries(logGroups.map((id) => [id, { Properties: { KmsKeyId: key } }])),
};

module.exports = { encryption };
