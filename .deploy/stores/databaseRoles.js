const names = [
  'DATABASE_APP_URL',
  'DATABASE_APP_SECRET_ARN',
  'DATABASE_READ_URL',
  'DATABASE_READ_SECRET_ARN',
];

const url = {
  Type: 'String',
  AllowedPattern: '^(none|postgres(ql)?://[^:/@]+@[^@/]+/[^?]+\\?(.*&)?sslmode=verify-full(&.*)?)$',
  ConstraintDescription: 'set it as DATABASE_URL, with another user',
};

const secretArn = {
  Type: 'String',
  AllowedPattern: '^(none|arn:aws[\\w-]*:secretsmanager:.+)$',
  ConstraintDescription: "set it to the secret that has the user's password",
};

/**
 * With stores by URL: the roles that functions have in PostgreSQL, or none. Serverless Framework calls this.
 *
 * @param {{ resolveVariable: (variable: string) => Promise<unknown> }} framework
 */
const resources = async ({ resolveVariable }) => {
  const given = await Promise.all(names.map((name) => resolveVariable(`env:${name}, 'none'`)));
  const missing = names.filter((_, at) => given[at] === 'none' || given[at] === '');
  if (missing.length > 0 && missing.length < names.length)
    throw new Error(`set ${missing.join(', ')} too, or none of ${names.join(', ')}`);
  return {
    Parameters: {
      DatabaseAppUrl: { ...url },
      DatabaseAppSecretArn: { ...secretArn },
      DatabaseReadUrl: { ...url },
      DatabaseReadSecretArn: { ...secretArn },
    },
    Conditions: { DatabaseHasRoles: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'DatabaseAppUrl' }, 'none'] }] } },
  };
};

module.exports = { resources };
