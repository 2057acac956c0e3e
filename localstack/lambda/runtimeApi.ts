import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Access, guarded, isSecret } from '../access';
import { readBody } from './body';
import { functionError, type Outcome } from './invocation';
import type { Environment, LambdaFunction, Poll } from './lambdaFunction';
import { close, listen } from './listen';

/** A synchronous answer may have 6 MiB and 100 bytes more than a request ("Lambda quotas", and what Lambda says). */
const responseLimit = 6 * 1024 * 1024 + 100;
const answerPath = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/;

export interface RuntimeApi {
  /** For AWS_LAMBDA_RUNTIME_API: host:port/secret, or host:port where `admit` says who may ask. */
  address: string;
  close: () => Promise<void>;
}

export interface RuntimeApiOptions {
  host: string;
  port: number;
  /** Without `admit`, only who knows the address may ask. AWS's own runtime client takes no secret in it. */
  access?: Access;
  /** The only environment that asks here, on all connections. Without it, each of them is an environment. */
  environment?: Environment;
  /** It asks for work for the first time on this connection. */
  onReady?: () => void;
  /** Its connection has closed. */
  onDisconnect: (environment: Environment) => void;
  /** It reported that it could not load the function. */
  onInitError: (environment: Environment, outcome: Outcome) => void;
}

const reply = (response: ServerResponse, status: number, body: unknown) => {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
};

const accepted = (response: ServerResponse) => reply(response, 202, { status: 'OK' });

const errorOutcome = (body: Buffer | undefined, type: string | undefined): Outcome =>
  body?.length
    ? { type: 'functionError', payload: body }
    : functionError(type ?? 'Runtime.Unknown', 'Unknown error');

const pollOf = (environment: Environment, socket: Socket, response: ServerResponse): Poll => ({
  environment,
  asker: socket,
  since: Date.now(),
  hand: (invocation, deadlineMs) => {
    if (socket.destroyed || !socket.writable || socket.readableEnded) return false;
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': invocation.payload.length,
      'Lambda-Runtime-Aws-Request-Id': invocation.requestId,
      'Lambda-Runtime-Deadline-Ms': deadlineMs,
      'Lambda-Runtime-Invoked-Function-Arn': invocation.functionArn,
      'Lambda-Runtime-Trace-Id': invocation.traceId,
      ...(invocation.clientContext && { 'Lambda-Runtime-Client-Context': invocation.clientContext }),
    });
    response.end(invocation.payload);
    return true;
  },
  handedOver: () => response.writableFinished,
});

/**
 * The Lambda Runtime API ("Using the Lambda runtime API for custom runtimes") for the environments of one function.
 * Connections are kept alive without limit: that one is closed means that its environment has ended.
 */
export const serveRuntimeApi = async (
  fn: LambdaFunction,
  options: RuntimeApiOptions,
): Promise<RuntimeApi> => {
  const environments = new WeakMap<Socket, Environment>();
  const { access = {} } = options;
  const secret = access.admit ? undefined : randomBytes(16).toString('hex');

  /** The path behind the secret. */
  const pathOf = (url: string): string | undefined => {
    if (!secret) return url;
    const [, given, path] = /^\/([^/]*)(\/.*)$/.exec(url) ?? [];
    return isSecret(given, secret) ? path : undefined;
  };

  const environmentAt = (socket: Socket): Environment => {
    const known = environments.get(socket);
    if (known) return known;
    const environment = options.environment ?? { name: `${socket.remoteAddress}:${socket.remotePort}` };
    environments.set(socket, environment);
    socket.setKeepAlive(true, 10_000);
    socket.once('close', () => options.onDisconnect(environment));
    options.onReady?.();
    return environment;
  };

  const answer = async (
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    kind: string,
  ) => {
    const environment = options.environment ?? environments.get(request.socket);
    const body = await readBody(request, responseLimit);
    const errorType = request.headers['lambda-runtime-function-error-type'] as string | undefined;
    const outcome: Outcome =
      kind === 'error'
        ? errorOutcome(body, errorType)
        : body
          ? { type: 'success', payload: body }
          : functionError(
              'Function.ResponseSizeTooLarge',
              `Response payload size exceeded maximum allowed payload size (${responseLimit} bytes).`,
            );
    if (!fn.answer(requestId, environment, outcome)) {
      return reply(response, 400, {
        errorType: 'InvalidRequestID',
        errorMessage: `${requestId} is not running here`,
      });
    }
    if (body) return accepted(response);
    reply(response, 413, {
      errorType: 'RequestEntityTooLarge',
      errorMessage: `Limit is ${responseLimit} bytes`,
    });
  };

  const initError = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request, responseLimit);
    const errorType = request.headers['lambda-runtime-function-error-type'] as string | undefined;
    options.onInitError(
      options.environment ?? environments.get(request.socket) ?? { name: 'unknown' },
      errorOutcome(body, errorType),
    );
    accepted(response);
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, url = '' } = request;
    const path = pathOf(url);
    if (method === 'GET' && path === '/2018-06-01/runtime/invocation/next') {
      return fn.ask(pollOf(environmentAt(request.socket), request.socket, response));
    }
    const [, requestId, kind] = (method === 'POST' && answerPath.exec(path ?? '')) || [];
    if (requestId && kind) return answer(request, response, decodeURIComponent(requestId), kind);
    if (method === 'POST' && path === '/2018-06-01/runtime/init/error') return initError(request, response);
    request.resume();
    if (path === undefined) return reply(response, 403, { message: 'Forbidden' });
    reply(response, 404, { errorType: 'NotFound', errorMessage: `${method} ${path}` });
  };

  const server = createServer(
    guarded(access, (request, response) => {
      route(request, response).catch(() => response.destroy());
    }),
  );
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  const address = await listen(server, options.host, options.port);
  return { address: secret ? `${address}/${secret}` : address, close: () => close(server) };
};
