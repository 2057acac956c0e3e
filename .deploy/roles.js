const { entries, logicalId } = require('./functions.js');
const { allow, calls, passwords } = require('./permissions.js');

/** @param {string} name */
const log = (name) =>
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], {
    'Fn::GetAtt': [`${logicalId(name)}LogGroup`, 'Arn'],
  });

const trace = allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*');

/**
 * All permissions stand in the role itself: Lambda refuses tracing, or a failure destination, that the role does not
 * allow yet, and CloudFormation may attach an AWS::IAM::Policy too late.
 *
 * @param {string} name
 * @param {import('./functions.js').Entry} entry
 * @param {boolean} traced
 */
const role = (name, { stores = [], may = [] }, traced) => {
  const statements = [
    log(name),
    ...stores.map((store) => passwords[store]),
    ...may.map((call) => calls[call]),
    ...(traced ? [trace] : []),
  ].flat();
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      ...(stores.length > 0 && { ManagedPolicyArns: '${self:custom.stores.vpcPolicies}' }),
      Policies: [
        {
          PolicyName: 'permissions',
          // Each role needs its own copy: Serverless Framework v4 replaces the variables in it, once per object.
          PolicyDocument: { Version: '2012-10-17', Statement: structuredClone(statements) },
        },
      ],
    },
  };
};

/**
 * The role of every function. Serverless Framework calls this.
 *
 * @param {{ resolveVariable: (variable: string) => Promise<unknown> }} framework
 */
const roles = async ({ resolveVariable }) => {
  const traced = (await resolveVariable('param:tracing')) === 'Active';
  const all = entries.map(([name, entry]) => [`${logicalId(name)}Role`, role(name, entry, traced)]);
  return { Resources: Object.fromEntries(all) };
};

module.exports = { roles };
