import type { Access } from '../access';
import { type AsyncOptions, AsyncQueue, type EventInvokeConfig } from './asyncQueue';
import { type EnvironmentsOptions, ManagedEnvironments } from './environments';
import type { OnEvent } from './event';
import { openInvoke, parsePayload } from './invoke';
import { createInvokeApi } from './invokeApi';
import { LambdaFunction } from './lambdaFunction';
import { close, listen } from './listen';
import { serveRuntimeApi } from './runtimeApi';

export interface FunctionOptions {
  /** Lambda's default is three seconds; its limit 15 minutes. */
  timeoutMs: number;
  async?: EventInvokeConfig;
  /** Where environments that others start ask for work; 0 takes a free port. */
  runtimePort?: number;
  /** Environments that the service starts itself. Without it, it waits for others to ask. */
  environments?: EnvironmentsOptions;
}

export interface LambdaServiceOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** Of the Invoke API. Default 0: a free one. */
  port?: number;
  functions: Record<string, FunctionOptions>;
  accountId?: string;
  region?: string;
  /** Who may use the Invoke API. */
  access?: Access;
  /** Who may use the Runtime APIs that environments started by others ask. */
  runtimeAccess?: Access;
  /** A synchronous invoke is refused (429) when no environment takes one for this long. Default one minute. */
  waitLimitMs?: number;
  /** A synchronous invoke is refused (429) when so many wait for the function. Default 20,000. */
  maxWaiting?: number;
  /** How long close() lets running invokes go on. Default five seconds. */
  closeGraceMs?: number;
  async?: AsyncOptions;
  onEvent?: OnEvent;
}

export interface LambdaService {
  /** The endpoint for an SDK's Lambda client. */
  url: string;
  /** AWS_LAMBDA_RUNTIME_API for each function. */
  runtimeApi: Record<string, string>;
  /** Invoke with InvocationType Event, from within this process: returns when the event is queued. @throws InvokeError */
  invokeEvent: (functionName: string, payload: string) => void;
  /** Invoke with RequestResponse, from within this process. @throws InvokeError */
  invoke: (functionName: string, payload: string) => Promise<InvokeAnswer>;
  close: () => Promise<void>;
}

export interface InvokeAnswer {
  functionError: boolean;
  payload: Buffer;
}

/** AWS Lambda for one machine: the Invoke API outwards, the Runtime API inwards. */
export const startLambdaService = async (options: LambdaServiceOptions): Promise<LambdaService> => {
  const { host = '127.0.0.1', port = 0, accountId = '000000000000', region = 'us-east-1' } = options;
  const { waitLimitMs = 60_000, maxWaiting = 20_000, closeGraceMs = 5_000, onEvent = () => {} } = options;
  const functions = new Map<string, LambdaFunction>();
  const runtimeApi: Record<string, string> = {};
  const closeLast: (() => Promise<void>)[] = [];
  const asyncQueue = new AsyncQueue(options.async ?? {}, onEvent);
  const lambda = openInvoke({ functions, asyncQueue, accountId, region });

  const closeService = async () => {
    await Promise.all([...functions.values()].map((fn) => fn.stop(closeGraceMs)));
    await asyncQueue.stop();
    await Promise.all(closeLast.map((closeOne) => closeOne()));
  };

  try {
    for (const [name, { timeoutMs, async = {}, runtimePort = 0, environments }] of Object.entries(
      options.functions,
    )) {
      const fn = new LambdaFunction(name, { timeoutMs, async, waitLimitMs, maxWaiting }, onEvent);
      functions.set(name, fn);
      if (environments) {
        const managed = new ManagedEnvironments(fn, { ...environments, region }, onEvent);
        fn.supply = managed;
        closeLast.push(() => managed.close());
      }
      const api = await serveRuntimeApi(fn, {
        host,
        port: runtimePort,
        access: options.runtimeAccess ?? {},
        onDisconnect: (environment) => fn.died(environment),
        onInitError: (environment, outcome) => fn.initFailed(environment, () => outcome),
      });
      runtimeApi[name] = api.address;
      closeLast.push(api.close);
    }
    const server = createInvokeApi({ functions, lambda, access: options.access ?? {} });
    const address = await listen(server, host, port);
    closeLast.push(() => close(server));
    return {
      url: `http://${address}`,
      runtimeApi,
      invokeEvent: (functionName, payload) =>
        lambda.invokeEvent(lambda.find(functionName), parsePayload(Buffer.from(payload), 'Event')),
      invoke: async (functionName, payload) => {
        const body = parsePayload(Buffer.from(payload), 'RequestResponse');
        const { outcome } = await lambda.invoke(lambda.find(functionName), body);
        return { functionError: outcome.type === 'functionError', payload: outcome.payload };
      },
      close: closeService,
    };
  } catch (error) {
    await closeService();
    throw error;
  }
};
