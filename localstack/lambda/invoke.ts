import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { AsyncQueue } from './asyncQueue';
import { parseFunctionName } from './functionName';
import { type Invocation, type InvocationType, newTraceId, type Outcome } from './invocation';
import { InvokeError, notFound, stopping, throttled } from './invokeError';
import type { LambdaFunction } from './lambdaFunction';

/** Bytes of a payload ("Lambda quotas"): 6 MB synchronous, 1 MB asynchronous. */
export const payloadLimits = {
  RequestResponse: 6 * 1024 * 1024,
  Event: 1024 * 1024,
  DryRun: 6 * 1024 * 1024,
};

export interface InvokeOptions {
  functions: ReadonlyMap<string, LambdaFunction>;
  asyncQueue: AsyncQueue;
  accountId: string;
  region: string;
}

export interface Target {
  fn: LambdaFunction;
  arn: string;
}

/** What a caller may give besides the payload. */
export interface InvokeContext {
  requestId?: string;
  traceId?: string;
  clientContext?: string | undefined;
}

/** How an invoke ended for its caller. */
export interface Answer {
  outcome: Extract<Outcome, { payload: Buffer }>;
  log: readonly string[];
}

const jsonError = (payload: Buffer): string | undefined => {
  if (!isUtf8(payload)) return 'not UTF-8';
  try {
    JSON.parse(payload.toString());
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

/**
 * @param body undefined when it is longer than any limit
 * @throws InvokeError
 */
export const parsePayload = (body: Buffer | undefined, type: keyof typeof payloadLimits): Buffer => {
  if (!body || body.length > payloadLimits[type]) {
    const message = `Request must be smaller than ${payloadLimits[type]} bytes for the InvokeFunction operation`;
    throw new InvokeError('RequestTooLargeException', 413, message);
  }
  const payload = body.length > 0 ? body : Buffer.from('{}');
  const error = jsonError(payload);
  if (error === undefined) return payload;
  const message = `Could not parse request body into json: ${error}`;
  throw new InvokeError('InvalidRequestContentException', 400, message);
};

/** Invoke, whoever asks for it: the SDK over HTTP, or the Scheduler in the same process. */
export const openInvoke = ({ functions, asyncQueue, accountId, region }: InvokeOptions) => {
  /** The one version there is is $LATEST, and there are no aliases. @throws InvokeError */
  const find = (given: string, qualifier?: string | null): Target => {
    const parsed = parseFunctionName(given);
    const version = qualifier ?? parsed.qualifier;
    const arn = `arn:aws:lambda:${region}:${accountId}:function:${parsed.name}${version ? `:${version}` : ''}`;
    if (parsed.region && parsed.region !== region) {
      const message = `Functions from '${parsed.region}' are not reachable in this region ('${region}')`;
      throw notFound(message);
    }
    if (parsed.accountId && parsed.accountId !== accountId) {
      const message = `not authorized to perform: lambda:InvokeFunction on resource: ${given}`;
      throw new InvokeError('AccessDeniedException', 403, message);
    }
    const fn = functions.get(parsed.name);
    if (!fn || (version && version !== '$LATEST')) throw notFound(`Function not found: ${arn}`);
    return { fn, arn };
  };

  const invocationOf = ({ arn }: Target, type: InvocationType, payload: Buffer, context: InvokeContext) => ({
    requestId: context.requestId ?? randomUUID(),
    functionArn: arn,
    payload,
    traceId: context.traceId ?? newTraceId(),
    type,
    // "Lambda passes the ClientContext object to your function for synchronous invocations only."
    ...(type === 'RequestResponse' && { clientContext: context.clientContext }),
  });

  return {
    find,

    /** Puts the event into Lambda's queue. @throws InvokeError */
    invokeEvent: (target: Target, payload: Buffer, context: InvokeContext = {}) =>
      asyncQueue.accept(target.fn, invocationOf(target, 'Event', payload, context)),

    /**
     * Waits for the outcome. @throws InvokeError
     * @param onWithdraw gets a function that takes the invocation back while it waits for its turn
     */
    invoke: (
      target: Target,
      payload: Buffer,
      context: InvokeContext = {},
      onWithdraw = (_withdraw: () => void) => {},
    ) =>
      new Promise<Answer>((resolve, reject) => {
        if (target.fn.full) throw throttled('Rate Exceeded.');
        const invocation: Invocation = {
          ...invocationOf(target, 'RequestResponse', payload, context),
          settle: (outcome, log) => {
            if (outcome.type === 'throttled') reject(throttled(outcome.message));
            else if (outcome.type === 'stopping') reject(stopping());
            else resolve({ outcome, log });
          },
        };
        onWithdraw(() => target.fn.withdraw(invocation));
        target.fn.invoke(invocation);
      }),
  };
};

export type LambdaInvoke = ReturnType<typeof openInvoke>;
