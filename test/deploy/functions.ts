interface HttpApi {
  method: string;
  path: string;
  authorizer?: { name: string };
}

export interface DeployedFunction {
  handler: string;
  events: { httpApi?: string | HttpApi; schedule?: string }[];
}

/** The functions of serverless.yml. */
export const functions: Record<string, DeployedFunction> = require('../../.deploy/functions.js').functions;
