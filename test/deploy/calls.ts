import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { parse } from 'yaml';
import type { Template } from './package';

const prefixes: Record<string, string> = {
  '@aws-sdk/client-scheduler': 'scheduler',
  '@aws-sdk/client-lambda': 'lambda',
  '@aws-sdk/client-sns': 'sns',
  '@aws-sdk/client-sqs': 'sqs',
  '@aws-sdk/client-secrets-manager': 'secretsmanager',
};

const { loader } = parse(readFileSync('serverless.yml', 'utf8')).custom.esbuild;

/** The IAM actions behind what a function's code, and only what is used of it, imports of AWS SDK clients. */
export const actionsOfCode = async (entry: string): Promise<string[]> => {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    external: ['@aws-sdk/*', '@aws-lambda-powertools/*', 'pg', 'ioredis', 'node-pg-migrate'],
    loader,
  });
  const text = (outputFiles[0] as { text: string }).text;
  const clause = /import \{([^}]*)\} from "(@aws-sdk\/[^"]+)"/g;
  const code = text.replace(clause, ''); // an import stays when what used it has gone
  const actions = [...text.matchAll(clause)].flatMap(([, names = '', from = '']) => {
    const prefix = prefixes[from];
    if (!prefix) throw new Error(`which IAM prefix has ${from}?`);
    const commands = [...names.matchAll(/\b(?:paginate(\w+)|(\w+)Command)\b/g)];
    return commands
      .filter(([name]) => new RegExp(`\\b${name}\\b`).test(code))
      .map(([, paged, command]) => action(prefix, (command ?? paged) as string));
  });
  if (text.includes('@aws-lambda-powertools/parameters/secrets'))
    actions.push('secretsmanager:GetSecretValue');
  return [...new Set(actions)].sort();
};

const action = (prefix: string, command: string) =>
  `${prefix}:${prefix === 'lambda' && command === 'Invoke' ? 'InvokeFunction' : command}`;

export interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

type Conditional = { 'Fn::If': [condition: string, then: Statement, otherwise: unknown] };

/** All that the role of a function allows, whether the conditions in it hold or not. */
export const statementsOfRole = ({ Resources }: Template, role: string): Statement[] => {
  const policies: { PolicyDocument: { Statement: (Statement | Conditional)[] } }[] =
    Resources[role]?.Properties.Policies;
  const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return statements.map((it) => ('Fn::If' in it ? it['Fn::If'][1] : it));
};
