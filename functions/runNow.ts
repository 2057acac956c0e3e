import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { lambda } from '../lib/clients';
import { type Answer, endpoint, type Input } from '../lib/endpoint';
import { env } from '../lib/env';
import { modelParams } from '../lib/fields';
import { once } from '../lib/once';
import { Problem, Unavailable } from '../lib/problem';
import type { Result } from '../lib/result';
import type { Skipped } from './computeAccuracy';

export const request = { params: modelParams };

interface Deps {
  lambda: LambdaClient;
  functionArn: string;
}

/** A run now, whatever the schedule says, in computeAccuracy's own environment. */
export const runNow =
  ({ lambda, functionArn }: Deps) =>
  async ({ model_id }: Input<typeof request>): Promise<Answer> => {
    const event = { model_id, scheduled_time: new Date().toISOString(), trigger: 'manual' };
    const { FunctionError, Payload } = await lambda
      .send(new InvokeCommand({ FunctionName: functionArn, Payload: JSON.stringify(event) }))
      .catch((error) => {
        throw new Unavailable('Lambda', error);
      });
    const outcome = JSON.parse(Buffer.from(Payload ?? []).toString());
    if (FunctionError) throw new Unavailable('Lambda', new Error(outcome.errorMessage));
    if ((outcome as Result | Skipped).status === 'skipped')
      throw new Problem(404, `model ${model_id} has no schedule`);
    return { status: 200, body: outcome };
  };

export const handler = endpoint(
  request,
  once(async () => runNow({ lambda: lambda(), functionArn: env('COMPUTE_ACCURACY_ARN') })),
);
