import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { endpoint } from '../lib/http/handler';
import { Problem, Unavailable } from '../lib/http/problem';
import type { Answer, Input, Route } from '../lib/http/route';
import { type Result, resultExample, resultSchema } from '../lib/runs/result';
import { lambda } from '../lib/runtime/clients';
import { env } from '../lib/runtime/env';
import { modelParams } from '../lib/schedule/fields';
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
