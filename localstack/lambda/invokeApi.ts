import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AsyncQueue } from './asyncQueue';
import { readBody } from './body';
import { parseFunctionName } from './functionName';
import { type Invocation, newTraceId, type Outcome } from './invocation';
import type { LambdaFunction } from './lambdaFunction';

/** Payload limits ("Lambda quotas"): 6 MB synchronous, 1 MB asynchronous. */
const limits = { RequestResponse: 6 * 1024 * 1024, Event: 1024 * 1024, DryRun: 6 * 1024 * 1024 };
type InvocationType = keyof typeof limits;

const invokePath = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

interface InvokeApiOptions {
  functions: ReadonlyMap<string, LambdaFunction>;
  asyncQueue: AsyncQueue;
  accountId: string;
  region: string;
}

interface Refusal {
  status: number;
  type: string;
  message: string;
  reason?: string;
}

const refuse = (response: ServerResponse, requestId: string, refusal: Refusal) => {
  const { status, type, message, reason } = refusal;
  const body = JSON.stringify({
    Type: status < 500 ? 'User' : 'Service',
    ...(reason ? { Reason: reason } : {}),
    message,
    Message: message,
  });
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'x-amzn-RequestId': requestId,
    'x-amzn-ErrorType': type,
    ...(status === 429 ? { 'Retry-After': '1' } : {}),
  });
  response.end(body);
};

const throttled = (message: string): Refusal => ({
  status: 429,
  type: 'TooManyRequestsException',
  reason: 'ConcurrentInvocationLimitExceeded',
  message,
});

const stopping: Refusal = {
  status: 500,
  type: 'ServiceException',
  message: 'The local Lambda service is stopping',
};

const jsonError = (payload: Buffer): string | undefined => {
  if (!isUtf8(payload)) return 'not UTF-8';
  try {
    JSON.parse(payload.toString());
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

/** The Invoke API as the AWS SDKs call it. Every qualifier means the one version there is, $LATEST. */
export const createInvokeApi = ({ functions, asyncQueue, accountId, region }: InvokeApiOptions): Server => {
  const find = (path: string, search: URLSearchParams) => {
    const given = decodeURIComponent(invokePath.exec(path)?.[1] ?? '');
    const { name, qualifier: suffix } = parseFunctionName(given);
    const qualifier = search.get('Qualifier') ?? suffix;
    const arn = `arn:aws:lambda:${region}:${accountId}:function:${name}${qualifier ? `:${qualifier}` : ''}`;
    return { fn: functions.get(name), arn };
  };

  const answer = (response: ServerResponse, { requestId, traceId }: Invocation, outcome: Outcome) => {
    if (outcome.type === 'throttled') return refuse(response, requestId, throttled(outcome.message));
    if (outcome.type === 'stopping') return refuse(response, requestId, stopping);
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': outcome.payload.length,
      'x-amzn-RequestId': requestId,
      'X-Amzn-Trace-Id': traceId,
      'X-Amz-Executed-Version': '$LATEST',
      ...(outcome.type === 'functionError' ? { 'X-Amz-Function-Error': 'Unhandled' } : {}),
    });
    response.end(outcome.payload);
  };

  const invoke = async (request: IncomingMessage, response: ServerResponse, requestId: string, url: URL) => {
    const type = (request.headers['x-amz-invocation-type'] ?? 'RequestResponse') as InvocationType;
    const body = await readBody(request, limits[type] ?? 0);
    const { fn, arn } = find(url.pathname, url.searchParams);
    const no = (refusal: Refusal) => refuse(response, requestId, refusal);
    if (!(type in limits)) {
      return no({ status: 400, type: 'InvalidParameterValueException', message: `Invocation type ${type}` });
    }
    if (!fn)
      return no({ status: 404, type: 'ResourceNotFoundException', message: `Function not found: ${arn}` });
    if (!body) {
      const message = `Request must be smaller than ${limits[type]} bytes for the InvokeFunction operation`;
      return no({ status: 413, type: 'RequestTooLargeException', message });
    }
    const payload = body.length > 0 ? body : Buffer.from('{}');
    const error = jsonError(payload);
    if (error) {
      const message = `Could not parse request body into json: ${error}`;
      return no({ status: 400, type: 'InvalidRequestContentException', message });
    }
    if (type === 'DryRun') return response.writeHead(204, { 'x-amzn-RequestId': requestId }).end();
    if (fn.full) return no(throttled('Rate Exceeded.'));

    const given = request.headers['x-amzn-trace-id'];
    const common = {
      requestId,
      functionArn: arn,
      payload,
      traceId: typeof given === 'string' ? given : newTraceId(),
    };
    if (type === 'Event') {
      asyncQueue.accept(fn, common);
      return response.writeHead(202, { 'x-amzn-RequestId': requestId, 'Content-Length': 0 }).end();
    }
    const invocation: Invocation = {
      ...common,
      impatient: true,
      settle: (outcome) => answer(response, invocation, outcome),
    };
    // A caller that gives up before its turn does not use up a run.
    response.once('close', () => {
      if (!response.writableEnded) fn.withdraw(invocation);
    });
    fn.invoke(invocation);
  };

  const route = async (request: IncomingMessage, response: ServerResponse) => {
    const requestId = randomUUID();
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'POST' && invokePath.test(url.pathname))
      return invoke(request, response, requestId, url);
    request.resume();
    if (request.method === 'GET' && url.pathname === '/health') {
      const body = JSON.stringify(Object.fromEntries([...functions].map(([name, fn]) => [name, fn.state])));
      return response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
    }
    refuse(response, requestId, {
      status: 404,
      type: 'UnknownOperationException',
      message: `${request.method} ${url.pathname}`,
    });
  };

  const server = createServer((request, response) => {
    route(request, response).catch((error: Error) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else
        refuse(response, randomUUID(), { status: 400, type: 'ValidationException', message: error.message });
    });
  });
  // Longer than any client keeps an idle connection, so that none is closed under a request.
  server.keepAliveTimeout = 600_000;
  return server;
};
