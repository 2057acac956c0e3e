const { entries, logicalId } = require('./functions.js');
const { allow, calls, databasePasswords, redisPassword } = require('./permissions.js');

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
 * @param {{ traced: boolean, decrypt: object[] }} settings `decrypt`: what reading a password takes besides
 */
const role = (name, { database, redis, may = [] }, { traced, decrypt }) => {
  const statements = [
    log(name),
    ...(database ? [databasePasswords[database]] : []),
    ...(redis ? [redisPassword] : []),
    ...(database || redis || may.includes('tellPeople') ? decrypt : []),
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
      ...((database || redis) && { ManagedPolicyArns: '${self:custom.stores.vpcPolicies}' }),
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
  const decrypt = /** @type {object[]} */ (await resolveVariable('self:custom.stores.decryptSecrets'));
  const all = entries.map(([name, entry]) => [
    `${logicalId(name)}Role`,
    role(name, entry, { traced, decrypt }),
  ]);
  return { Resources: Object.fromEntries(all) };
};

module.exports = { roles };
