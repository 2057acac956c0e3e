import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Unavailable } from './failures';

/** Invokes one function. Both methods throw Unavailable. */
export interface Invoker {
  /** Waits for the outcome. A failure of the function is one of Lambda's. */
  invoke(event: object): Promise<unknown>;
  /** Leaves the event to Lambda's queue, which tries again by itself. */
  invokeLater(event: object): Promise<void>;
}

/** One attempt: an invoke that was cut off may have run. API Gateway itself gives up after 30 s. */
const defaultClient = () =>
  new LambdaClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 27_000, throwOnRequestTimeout: true },
  });

export const openInvoker = (functionArn: string, client = defaultClient()): Invoker => {
  const send = (event: object, InvocationType: 'RequestResponse' | 'Event') =>
    client
      .send(new InvokeCommand({ FunctionName: functionArn, Payload: JSON.stringify(event), InvocationType }))
      .catch((error) => {
        throw new Unavailable('Lambda', error);
      });
  return {
    invoke: async (event) => {
      const { FunctionError, Payload } = await send(event, 'RequestResponse');
      const outcome = JSON.parse(Buffer.from(Payload ?? []).toString());
      if (FunctionError) throw new Unavailable('Lambda', new Error(outcome.errorMessage));
      return outcome;
    },
    invokeLater: async (event) => {
      await send(event, 'Event');
    },
  };
};
