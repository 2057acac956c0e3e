import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Access, guarded } from '../access';
import { readBody } from '../lambda/body';
import { invalid, SchedulerError } from './errors';
import { type Arn, type Input, type Operations, schedulerOperations } from './operations';
import { Store } from './store';

const longestBodyBytes = 2 * 1024 * 1024;

export interface SchedulerApiOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default any free one. */
  port?: number;
  region?: string;
  accountId?: string;
  access?: Access;
  /** Epoch milliseconds. */
  now?: () => number;
}

export interface SchedulerApi {
  url: string;
  close: () => Promise<void>;
}

const unknownOperation = () => new SchedulerError('UnknownOperationException', 'Unknown operation.');

/** A member that is null is as good as missing. */
const withoutNull = (_key: string, value: unknown) => (value === null ? undefined : value);

const parseBody = (body: Buffer | undefined): object => {
  if (!body) throw new SchedulerError('RequestEntityTooLargeException', 'Request must be smaller than 2 MB.');
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString(), withoutNull);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {}
  throw new SchedulerError('SerializationException', 'The body must be a JSON object.');
};

const decode = (name: string): string => {
  try {
    return decodeURIComponent(name);
  } catch {
    throw invalid(`Value '${name}' is not percent-encoded UTF-8.`);
  }
};

/** A name that comes more than once has all its values. */
const parseQuery = (query: string): Input => {
  const parameters = new URLSearchParams(query);
  return Object.fromEntries(
    [...parameters.keys()].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length > 1 ? values : values[0]];
    }),
  );
};

const perform = async (operations: Operations, request: IncomingMessage): Promise<object> => {
  const hasBody = request.method === 'POST' || request.method === 'PUT';
  const body = hasBody ? await readBody(request, longestBodyBytes) : undefined;
  const [path = '', query] = (request.url ?? '').split('?', 2);
  const [, collection = '', name, ...rest] = path.split('/');
  const operation = operations[`${request.method} /${collection}${name === undefined ? '' : '/{Name}'}`];
  if (!operation || rest.length > 0) throw unknownOperation();
  const input: Input = {
    ...(query && parseQuery(query)),
    ...(hasBody && parseBody(body)),
    ...(name !== undefined && { Name: decode(name) }),
  };
  return operation(input);
};

const answerOf = (error: unknown): SchedulerError => {
  if (error instanceof SchedulerError) return error;
  return new SchedulerError(
    'InternalServerException',
    error instanceof Error ? error.message : String(error),
  );
};

const send = (response: ServerResponse, status: number, value: object, errorName?: string) => {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': randomUUID(),
    ...(errorName && { 'x-amzn-errortype': errorName }),
  });
  response.end(body);
};

/**
 * EventBridge Scheduler's API, as the SDK speaks it (restJson1): it answers as AWS does, keeps schedules in memory
 * and fires none of them. ListSchedules goes by group and name.
 */
export const startSchedulerApi = async ({
  host = '127.0.0.1',
  port = 0,
  region = 'us-east-1',
  accountId = '000000000000',
  access = {},
  now = Date.now,
}: SchedulerApiOptions = {}): Promise<SchedulerApi> => {
  const store = new Store(now);
  const arn: Arn = (resource) => `arn:aws:scheduler:${region}:${accountId}:${resource}`;
  const operations = schedulerOperations(store, arn);

  const server = createServer(
    guarded(access, (request, response) => {
      perform(operations, request).then(
        (answer) => send(response, 200, answer),
        (error) => {
          if (request.destroyed && !request.complete) return;
          const { name, status, message } = answerOf(error);
          send(response, status, { __type: name, Message: message }, name);
        },
      );
    }),
  );
  // The client closes idle connections: if we did, it could be just as it sends the next request.
  server.keepAliveTimeout = 0;

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;

  return {
    url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
