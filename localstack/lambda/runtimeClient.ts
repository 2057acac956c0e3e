import { existsSync } from 'node:fs';
import { Agent, type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import { connect as connectTo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The runtime of a managed environment: what AWS's own Node.js runtime client does, on any Node.js from 20, with nothing
// to compile. It follows that client in what it loads, which errors it reports and how they look.

type Handler = (event: unknown, context: object) => unknown;

interface Answer {
  headers: IncomingHttpHeaders;
  text: string;
}

class RuntimeError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

const env = process.env;

/** How many invocations at a time: each has a connection of its own. */
const concurrency = Number(process.argv[2] ?? 1);

const { hostname, port, pathname } = new URL(`http://${env.AWS_LAMBDA_RUNTIME_API}`);

const endWithService = (): never => {
  process.stderr.write('The Runtime API is gone\n');
  process.exit(1);
};

/** An environment does not outlive the Lambda service, neither while it loads the function nor in the middle of a run. */
const watchService = () =>
  connectTo(Number(port), hostname)
    .on('error', () => {})
    .once('close', endWithService)
    .unref();

/** One connection to the Runtime API, whose address may hold a path. */
const connect = () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const root = `${pathname.replace(/\/$/, '')}/2018-06-01/runtime`;
  return (method: string, path: string, body = '', headers: RequestOptions['headers'] = {}) =>
    new Promise<Answer>((resolve) => {
      const length = { 'Content-Length': Buffer.byteLength(body) };
      const options = {
        agent,
        hostname,
        port,
        method,
        path: root + path,
        headers: { ...headers, ...length },
      };
      const outgoing = request(options, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.once('end', () => resolve({ headers: response.headers, text }));
        response.once('error', endWithService);
      });
      outgoing.once('error', endWithService).end(body);
    });
};

type Service = ReturnType<typeof connect>;

const described = (error: unknown) =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };

const load = async (): Promise<Handler> => {
  const handler = env._HANDLER ?? '';
  const [, file, name] = /^([^.]*)\.(.+)$/.exec(basename(handler)) ?? [];
  if (!file || !name || handler.includes('..'))
    throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const path = join(env.LAMBDA_TASK_ROOT ?? '', dirname(handler), file);
  const found = ['', '.js', '.mjs', '.cjs'].map((extension) => path + extension).find(existsSync);
  if (!found) throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`);
  const module = await import(pathToFileURL(found).href).catch((error: unknown) => {
    if (error instanceof SyntaxError) throw new RuntimeError('Runtime.UserCodeSyntaxError', String(error));
    const code = (error as NodeJS.ErrnoException | undefined)?.code;
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
      throw new RuntimeError('Runtime.ImportModuleError', String(error));
    }
    throw error;
  });
  const reach = (from: unknown) =>
    name
      .split('.')
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], from);
  const loaded = reach(module) ?? reach(module.default);
  if (!loaded) throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof loaded !== 'function')
    throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is not a function`);
  if (loaded.length >= 3) {
    throw new RuntimeError(
      'Runtime.CallbackHandlerDeprecated',
      'Callback handlers are gone since Node.js 24',
    );
  }
  return loaded as Handler;
};

const clientContextOf = (header: string | string[] | undefined): unknown =>
  typeof header === 'string' ? JSON.parse(header) : undefined;

const contextOf = (headers: IncomingHttpHeaders) => ({
  awsRequestId: headers['lambda-runtime-aws-request-id'] as string,
  invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
  functionName: env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
  memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
  clientContext: clientContextOf(headers['lambda-runtime-client-context']),
  getRemainingTimeInMillis: () => Number(headers['lambda-runtime-deadline-ms']) - Date.now(),
});

const serialize = (result: unknown): string => {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch {
    throw new RuntimeError('Runtime.JSONStringifyError', 'Unable to stringify response body');
  }
};

const errorHeaders = (errorType: string) => ({
  'Lambda-Runtime-Function-Error-Type': encodeURIComponent(errorType),
});

/** Runs one invocation at a time, one after the other. */
const serve = async (service: Service, handler: Handler): Promise<never> => {
  for (;;) {
    const { headers, text } = await service('GET', '/invocation/next');
    const context = contextOf(headers);
    if (concurrency === 1) env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'] as string;
    const path = `/invocation/${context.awsRequestId}`;
    try {
      await service('POST', `${path}/response`, serialize(await handler(JSON.parse(text), context)));
    } catch (error) {
      const description = described(error);
      process.stderr.write(`${context.awsRequestId}\tInvoke Error\t${JSON.stringify(description)}\n`);
      await service(
        'POST',
        `${path}/error`,
        JSON.stringify(description),
        errorHeaders(description.errorType),
      );
    }
  }
};

const main = async (): Promise<void> => {
  watchService();
  const service = connect();
  const handler = await load().catch(async (error: unknown) => {
    const description = described(error);
    process.stderr.write(`Init Error\t${JSON.stringify(description)}\n`);
    await service('POST', '/init/error', JSON.stringify(description), errorHeaders(description.errorType));
    process.exit(1);
  });
  const more = Array.from({ length: concurrency - 1 }, connect);
  await Promise.all([service, ...more].map((each) => serve(each, handler)));
};

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
