import { type AsyncOptions, AsyncQueue } from './asyncQueue';
import { directInvoke } from './directInvoke';
import { type EnvironmentsOptions, ManagedEnvironments } from './environments';
import type { OnEvent } from './event';
import type { Invoke } from './invocation';
import { createInvokeApi } from './invokeApi';
import { LambdaFunction } from './lambdaFunction';
import { close, listen } from './listen';
import { serveRuntimeApi } from './runtimeApi';

export interface FunctionOptions {
  /** Lambda's default is three seconds; its limit 15 minutes. */
  timeoutMs: number;
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
  /** A synchronous invoke is refused (429) when no environment takes one for this long. Default one minute. */
  waitLimitMs?: number;
  /** An invoke is refused (429) when so many wait for the function. Default 20,000. */
  maxWaiting?: number;
  /** How long close() lets running invokes go on. Default five seconds. */
  closeGraceMs?: number;
  async?: AsyncOptions;
  onEvent?: OnEvent;
}

export interface LambdaService {
  /** The endpoint for an SDK's Lambda client. */
  url: string;
  /** AWS_LAMBDA_RUNTIME_API, host:port, for each function. */
  runtimeApi: Record<string, string>;
  /** From within this process. */
  invoke: Invoke;
  close: () => Promise<void>;
}

/** AWS Lambda for one machine: the Invoke API outwards, the Runtime API inwards. */
export const startLambdaService = async (options: LambdaServiceOptions): Promise<LambdaService> => {
  const { host = '127.0.0.1', port = 0, accountId = '000000000000', region = 'us-east-1' } = options;
  const { waitLimitMs = 60_000, maxWaiting = 20_000, closeGraceMs = 5_000, onEvent = () => {} } = options;
  const functions = new Map<string, LambdaFunction>();
  const runtimeApi: Record<string, string> = {};
  const closeLast: (() => Promise<void>)[] = [];
  const asyncQueue = new AsyncQueue(options.async ?? {}, onEvent);

  const closeService = async () => {
    await Promise.all([...functions.values()].map((fn) => fn.stop(closeGraceMs)));
    await asyncQueue.stop();
    await Promise.all(closeLast.map((closeOne) => closeOne()));
  };

  try {
    for (const [name, { timeoutMs, runtimePort = 0, environments }] of Object.entries(options.functions)) {
      const fn = new LambdaFunction(name, { timeoutMs, waitLimitMs, maxWaiting }, onEvent);
      functions.set(name, fn);
      if (environments) {
        const managed = new ManagedEnvironments(fn, { ...environments, region }, onEvent);
        fn.supply = managed;
        closeLast.push(() => managed.close());
      }
      const api = await serveRuntimeApi(fn, {
        host,
        port: runtimePort,
        onDisconnect: (environment) => fn.died(environment),
        onInitError: (environment, outcome) => fn.initFailed(environment, () => outcome),
      });
      runtimeApi[name] = api.address;
      closeLast.push(api.close);
    }
    const server = createInvokeApi({ functions, asyncQueue, accountId, region });
    const address = await listen(server, host, port);
    closeLast.push(() => close(server));
    return { url: `http://${address}`, runtimeApi, invoke: directInvoke(functions), close: closeService };
  } catch (error) {
    await closeService();
    throw error;
  }
};
