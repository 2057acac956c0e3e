import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';

/** What the contract test needs to be there. Queues are given by their ARNs. */
export interface Stack {
  region: string;
  account: string;
  group: string;
  functionArn: string;
  roleArn: string;
  /** Gets messages of schedules. */
  messages: string;
  deadLetters: string;
  /** The function's failure destination. */
  failures: string;
  remove: () => Promise<void>;
}

const role = (service: string, actions: string[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    },
    Policies: [
      {
        PolicyName: 'allow',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
        },
      },
    ],
  },
});

const arnOf = (resource: string) => ({ 'Fn::GetAtt': [resource, 'Arn'] });

const template = () => ({
  Resources: {
    Messages: { Type: 'AWS::SQS::Queue' },
    DeadLetters: { Type: 'AWS::SQS::Queue' },
    Failures: { Type: 'AWS::SQS::Queue' },
    Group: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: { Ref: 'AWS::StackName' } } },
    FunctionRole: role('lambda.amazonaws.com', [
      'sqs:SendMessage',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]),
    SchedulerRole: role('scheduler.amazonaws.com', ['lambda:InvokeFunction', 'sqs:SendMessage']),
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: arnOf('FunctionRole'),
        Code: { ZipFile: readFileSync('test/aws/function.cjs', 'utf8') },
      },
    },
    Failing: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: { Ref: 'Function' },
        Qualifier: '$LATEST',
        DestinationConfig: { OnFailure: { Destination: arnOf('Failures') } },
      },
    },
  },
  Outputs: Object.fromEntries(
    ['Messages', 'DeadLetters', 'Failures', 'Function', 'SchedulerRole'].map((name) => [
      name,
      { Value: arnOf(name) },
    ]),
  ),
});

/** Makes the stack on AWS, in the account and region that the environment leads to. */
const deploy = async (): Promise<Stack> => {
  const client = new CloudFormationClient();
  const StackName = `cyclic-metrics-contract-${randomBytes(4).toString('hex')}`;
  await client.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify(template()),
      Capabilities: ['CAPABILITY_IAM'],
      OnFailure: 'DELETE',
    }),
  );
  await waitUntilStackCreateComplete({ client, maxWaitTime: 300 }, { StackName });
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
  const outputs = new Map(
    Stacks?.[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
  const output = (name: string) => outputs.get(name) as string;
  const [, , , region = '', account = ''] = output('Function').split(':');
  return {
    region,
    account,
    group: StackName,
    functionArn: output('Function'),
    roleArn: output('SchedulerRole'),
    messages: output('Messages'),
    deadLetters: output('DeadLetters'),
    failures: output('Failures'),
    remove: async () => {
      await client.send(new DeleteStackCommand({ StackName }));
      await waitUntilStackDeleteComplete({ client, maxWaitTime: 300 }, { StackName });
    },
  };
};

/** The stack that AWS_TEST_STACK describes, as the emulation does; else one of its own on AWS. */
export const openStack = async (): Promise<Stack> => {
  const given = process.env.AWS_TEST_STACK;
  return given ? { ...JSON.parse(given), remove: async () => {} } : deploy();
};
