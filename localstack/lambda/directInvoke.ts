import { randomUUID } from 'node:crypto';
import { parseFunctionName } from './functionName';
import { functionError, type Invocation, type Invoke, newTraceId } from './invocation';
import type { LambdaFunction } from './lambdaFunction';

/** Invokes from within this process, for the clock beside it: the SDK and HTTP would cost as much as a small run. */
export const directInvoke =
  (functions: ReadonlyMap<string, LambdaFunction>): Invoke =>
  (functionName, payload, signal) =>
    new Promise((resolve) => {
      const fn = functions.get(parseFunctionName(functionName).name);
      if (signal.aborted) return resolve({ type: 'stopping' });
      if (!fn)
        return resolve(functionError('ResourceNotFoundException', `Function not found: ${functionName}`));
      if (fn.full) return resolve({ type: 'throttled', message: 'Rate Exceeded.' });
      const withdraw = () => {
        fn.withdraw(invocation);
        resolve({ type: 'stopping' });
      };
      const invocation: Invocation = {
        requestId: randomUUID(),
        functionArn: functionName,
        payload: Buffer.from(payload),
        traceId: newTraceId(),
        impatient: true,
        settle: (outcome) => {
          signal.removeEventListener('abort', withdraw);
          resolve(outcome);
        },
      };
      signal.addEventListener('abort', withdraw, { once: true });
      fn.invoke(invocation);
    });
