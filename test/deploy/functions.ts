interface HttpApi {
  method: string;
  path: string;
  authorizer?: { name: string };
}

export interface DeployedFunction {
  handler: string;
  environment?: Record<string, string | number>;
  events: { httpApi?: string | HttpApi; schedule?: string }[];
}

/** An entry of the table in .deploy/functions.js. */
interface Entry {
  routes?: string[];
  public?: true;
  database?: 'owner' | 'app' | 'read';
  redis?: true;
}

const table: {
  functions: Record<string, DeployedFunction>;
  entries: [name: string, entry: Entry][];
} = require('../../.deploy/functions.js');

/** The functions of serverless.yml. */
export const functions = table.functions;

export const entries = table.entries;
