import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Access, guarded } from '../access';
import { readBody } from './body';
import { newTraceId } from './invocation';
import { type Answer, type LambdaInvoke, parsePayload, payloadLimits } from './invoke';
import { InvokeError } from './invokeError';
import type { LambdaFunction } from './lambdaFunction';
import { tailOf } from './logTail';

type InvocationType = keyof typeof payloadLimits;

const invokePath = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
const streamingPath = /^\/2021-11-15\/functions\/[^/]+\/response-streaming-invocations$/;

/** "Up to 3,583 bytes of base64-encoded data" (Invoke, ClientContext). */
const longestClientContext = 3583;

interface InvokeApiOptions {
  functions: ReadonlyMap<string, LambdaFunction>;
  lambda: LambdaInvoke;
  access: Access;
}

const refuse = (
  response: ServerResponse,
  requestId: string,
  { name, status, message, reason }: InvokeError,
) => {
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
    'x-amzn-ErrorType': name,
    ...(status === 429 ? { 'Retry-After': '1' } : {}),
  });
  response.end(body);
};

const answer = (response: ServerResponse, requestId: string, { outcome }: Answer, logResult?: string) => {
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': outcome.payload.length,
    'x-amzn-RequestId': requestId,
    'X-Amz-Executed-Version': '$LATEST',
    ...(outcome.type === 'functionError' ? { 'X-Amz-Function-Error': 'Unhandled' } : {}),
    ...(logResult ? { 'X-Amz-Log-Result': logResult } : {}),
  });
  response.end(outcome.payload);
};

const header = ({ headers }: IncomingMessage, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
};

/** JSON that fits into a header. */
const toAscii = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** @throws InvokeError */
const clientContextOf = (request: IncomingMessage): string | undefined => {
  const given = header(request, 'x-amz-client-context');
  if (given === undefined) return undefined;
  try {
    if (given.length > longestClientContext) throw new Error('longer than 3,583 bytes');
    return toAscii(JSON.parse(Buffer.from(given, 'base64').toString()));
  } catch (error) {
    const message = `Client context must be a valid Base64-encoded JSON object: ${(error as Error).message}`;
    throw new InvokeError('InvalidRequestContentException', 400, message);
  }
};

/** @throws InvokeError */
const typeOf = (request: IncomingMessage): InvocationType => {
  const type = header(request, 'x-amz-invocation-type') ?? 'RequestResponse';
  if (Object.hasOwn(payloadLimits, type)) return type as InvocationType;
  throw new InvokeError('InvalidParameterValueException', 400, `Invocation type ${type}`);
};

/** The Invoke API as the AWS SDKs call it. */
export const createInvokeApi = ({ functions, lambda, access }: InvokeApiOptions): Server => {
  const invoke = async (request: IncomingMessage, response: ServerResponse, requestId: string, url: URL) => {
    const name = decodeURIComponent(invokePath.exec(url.pathname)?.[1] ?? '');
    const body = await readBody(request, payloadLimits.RequestResponse);
    const type = typeOf(request);
    const target = lambda.find(name, url.searchParams.get('Qualifier'));
    const payload = parsePayload(body, type);
    const context = {
      requestId,
      traceId: header(request, 'x-amzn-trace-id') ?? newTraceId(),
      clientContext: clientContextOf(request),
    };
    if (type === 'DryRun') return response.writeHead(204, { 'x-amzn-RequestId': requestId }).end();
    if (type === 'Event') {
      lambda.invokeEvent(target, payload, context);
      return response.writeHead(202, { 'x-amzn-RequestId': requestId, 'Content-Length': 0 }).end();
    }
    const startedAt = Date.now();
    const answered = await lambda.invoke(target, payload, context, (withdraw) =>
      // A caller that gives up before its turn does not use up a run.
      response.once('close', () => {
        if (!response.writableEnded) withdraw();
      }),
    );
    const wantsLog = header(request, 'x-amz-log-type') === 'Tail';
    const logResult = wantsLog ? await tailOf(answered.log, requestId, startedAt) : undefined;
    response.setHeader('X-Amzn-Trace-Id', context.traceId);
    answer(response, requestId, answered, logResult);
  };

  const health = (response: ServerResponse) => {
    const body = JSON.stringify(Object.fromEntries([...functions].map(([name, fn]) => [name, fn.state])));
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
  };

  const route = async (request: IncomingMessage, response: ServerResponse, requestId: string) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'POST' && invokePath.test(url.pathname))
      return invoke(request, response, requestId, url);
    request.resume();
    if (request.method === 'GET' && url.pathname === '/health') return health(response);
    if (streamingPath.test(url.pathname)) {
      const message = 'InvokeWithResponseStream is not emulated: use Invoke';
      throw new InvokeError('NotImplementedException', 501, message);
    }
    throw new InvokeError('UnknownOperationException', 404, `${request.method} ${url.pathname}`);
  };

  const server = createServer(
    guarded(access, (request, response) => {
      const requestId = randomUUID();
      route(request, response, requestId).catch((error: Error) => {
        if (response.headersSent || response.destroyed) response.destroy();
        else if (error instanceof InvokeError) refuse(response, requestId, error);
        else refuse(response, requestId, new InvokeError('ValidationException', 400, error.message));
      });
    }),
  );
  // Longer than any client keeps an idle connection, so that none is closed under a request.
  server.keepAliveTimeout = 600_000;
  return server;
};
