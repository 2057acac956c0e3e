import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { lambda } from '../lib/clients';
import { endpoint } from '../lib/endpoint';
import { env } from '../lib/env';
import { modelParams } from '../lib/fields';
import { Problem, Unavailable } from '../lib/problem';
import { type Result, resultExample, resultSchema } from '../lib/result';
import type { Answer, Input, Route } from '../lib/route';
import type { Skipped } from './computeAccuracy';

export const route = {
  name: 'runNow',
  method: 'post',
  path: '/schedule/{model_id}/run',
  summary: 'Run now',
  description: 'Whatever the schedule says, also while it is paused.',
  scope: 'write',
  params: modelParams,
  answers: {
    200: { description: 'What the run found', schema: resultSchema, examples: [resultExample] },
  },
  problems: [404, 503],
} satisfies Route;

interface Deps {
  lambda: LambdaClient;
  functionArn: string;
}

/** A run now, in computeAccuracy's own environment. */
export const runNow =
  ({ lambda, functionArn }: Deps) =>
  async ({ model_id }: Input<typeof route>): Promise<Answer<typeof route>> => {
    const event = { model_id, scheduled_time: new Date().toISOString(), trigger: 'manual' };
    const { FunctionError, Payload } = await lambda
      .send(new InvokeCommand({ FunctionName: functionArn, Payload: JSON.stringify(event) }))
      .catch((error) => {
        throw new Unavailable('Lambda', error);
      });
    const outcome = JSON.parse(Buffer.from(Payload ?? []).toString());
    if (FunctionError) throw new Unavailable('Lambda', new Error(outcome.errorMessage));
    const found: Result | Skipped = outcome;
    if (found.status === 'skipped') throw new Problem(404, `model ${model_id} has no schedule`);
    return { status: 200, body: found };
  };

export const handler = /* @__PURE__ */ endpoint(route, async () =>
  runNow({ lambda: lambda(), functionArn: env('COMPUTE_ACCURACY_ARN') }),
);
