import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { OnEvent } from './event';
import { type Exit, exited, functionError, type Outcome, timedOut } from './invocation';
import type { Environment, LambdaFunction, Supply } from './lambdaFunction';
import { type RuntimeApi, serveRuntimeApi } from './runtimeApi';

export interface EnvironmentsOptions {
  /** How many at most. Default 2. */
  max?: number;
  /** How many are started at once and kept, as with Lambda's provisioned concurrency. Default 0. */
  provisioned?: number;
  /**
   * Invocations that one takes at a time, as in Lambda's managed instances, so that they share its process while they
   * wait for the stores. Default 1, as in Lambda otherwise.
   */
  concurrency?: number;
  /** The bundle of runtimeClient.ts. Default: the one that the build puts beside this one's. */
  runtimeClient?: string;
  taskRoot: string;
  /** file.export, the file without its extension. */
  handler: string;
  /** All that the function sees, besides Lambda's own variables. */
  env?: Record<string, string>;
  memorySizeMb?: number;
  /** The file descriptor of a log for its lines. Default: each of them is an event. */
  log?: number;
  /** An environment without work for this long is stopped. Default ten minutes. */
  idleMs?: number;
}

/** Lambda's limit for loading a function ("Lambda execution environment"); a load may take the timeout on top. */
const initLimitMs = 10_000;
const backOff = { firstMs: 100, maxMs: 5_000 };

interface Managed extends Environment {
  readonly kill: () => void;
  process: ChildProcess;
  api: RuntimeApi;
  ready: boolean;
  /** It, or we, have already said why it could not load the function. */
  initReported: boolean;
  initTimer: NodeJS.Timeout | undefined;
  ended: Promise<Exit>;
}

const killGroup = ({ pid }: ChildProcess) => {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
};

/** Node.js processes that run the function, started when invocations wait, up to a number. */
export class ManagedEnvironments implements Supply {
  #environments = new Set<Managed>();
  #opening = new Set<Promise<void>>();
  #failures = 0;
  #notBefore = 0;
  #retry: NodeJS.Timeout | undefined;
  #sweep: NodeJS.Timeout;
  #closed = false;
  #runtimeClient: string;
  #taskRoot: string;

  constructor(
    private readonly fn: LambdaFunction,
    private readonly options: EnvironmentsOptions & { region: string },
    private readonly onEvent: OnEvent,
  ) {
    this.#runtimeClient = resolve(options.runtimeClient ?? join(__dirname, 'runtimeClient.js'));
    this.#taskRoot = resolve(options.taskRoot);
    const idleMs = options.idleMs ?? 600_000;
    this.#sweep = setInterval(() => this.#stopIdle(idleMs), Math.max(20, Math.min(idleMs / 4, 30_000)));
    this.#sweep.unref();
    this.#demandAgain();
  }

  demand(waiting: number): void {
    if (this.#closed || this.#retry) return;
    const waitMs = this.#notBefore - Date.now();
    if (waitMs > 0) {
      this.#retry = setTimeout(() => {
        this.#retry = undefined;
        this.#demandAgain();
      }, waitMs);
      return;
    }
    const loading = [...this.#environments].filter(({ ready }) => !ready).length + this.#opening.size;
    const room = (this.options.max ?? 2) - this.#environments.size - this.#opening.size;
    const wanted = Math.ceil(waiting / (this.options.concurrency ?? 1));
    for (let n = Math.min(room, wanted - loading); n > 0; n--) {
      const opening: Promise<void> = this.#start()
        .catch((error: Error) =>
          this.#failed({ name: 'unopened' }, () => functionError('Runtime.Unknown', error.message)),
        )
        .finally(() => this.#opening.delete(opening));
      this.#opening.add(opening);
    }
  }

  hasOther(environment: Environment): boolean {
    return [...this.#environments].some((other) => other !== environment && !other.initReported);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweep);
    clearTimeout(this.#retry);
    await Promise.all(this.#opening);
    await Promise.all(
      [...this.#environments].map(async (managed) => {
        managed.kill();
        await managed.ended;
      }),
    );
  }

  #demandAgain(): void {
    const { waiting, idle } = this.fn.state;
    const { provisioned = 0, concurrency = 1 } = this.options;
    const missing = (provisioned - this.#environments.size) * concurrency;
    const wanted = Math.max(idle === 0 ? waiting : 0, missing);
    if (wanted > 0) this.demand(wanted);
  }

  /** A Runtime API for each environment, as on AWS: so we know which process it is that asks or answers. */
  async #start(): Promise<void> {
    const name = randomBytes(4).toString('hex');
    const environment = { name, ready: false, initReported: false } as Managed;
    const api = await serveRuntimeApi(this.fn, {
      host: '127.0.0.1',
      port: 0,
      environment,
      onReady: () => this.#ready(environment),
      // The process is about to end, and its exit tells more; one that lives on is of no use.
      onDisconnect: () => setTimeout(environment.kill, 1000).unref(),
      onInitError: (_, outcome) => this.#failed(environment, () => outcome),
    });
    if (this.#closed) return api.close();
    const child = this.#spawn(environment, api.address);
    Object.assign(environment, {
      api,
      process: child,
      kill: () => killGroup(child),
      initTimer: setTimeout(() => this.#initTimedOut(environment), initLimitMs + this.fn.settings.timeoutMs),
      ended: new Promise<Exit>((end) => {
        child.once('exit', (code, signal) => end({ code, signal }));
        child.once('error', () => end({ code: null, signal: null }));
      }).then((exit) => this.#ended(environment, exit)),
    });
    this.#environments.add(environment);
    const pid = child.pid === undefined ? {} : { pid: child.pid };
    this.onEvent({ event: 'environmentStarted', functionName: this.fn.name, environment: name, ...pid });
  }

  #spawn(environment: Managed, address: string): ChildProcess {
    // A group of its own: Ctrl-C in a terminal reaches only the service, which stops things in order.
    const { concurrency = 1, log = 'pipe' } = this.options;
    const child = spawn(process.execPath, [this.#runtimeClient, String(concurrency)], {
      cwd: this.#taskRoot,
      env: this.#variables(environment.name, address),
      detached: true,
      stdio: ['ignore', log, log],
    });
    for (const stream of ['stdout', 'stderr'] as const) {
      const input = child[stream];
      if (!input) continue;
      environment.log = [];
      const origin = { functionName: this.fn.name, environment: environment.name, stream };
      createInterface({ input }).on('line', (line) => {
        environment.log?.push(line);
        this.onEvent({ event: 'output', ...origin, line });
      });
    }
    return child;
  }

  /** "Defined runtime environment variables"; what is reserved there cannot be overridden here either. */
  #variables(environment: string, address: string): Record<string, string> {
    const { handler, env, memorySizeMb = 512, region } = this.options;
    return {
      PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      ...env,
      _HANDLER: handler,
      AWS_DEFAULT_REGION: region,
      AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySizeMb),
      AWS_LAMBDA_FUNCTION_NAME: this.fn.name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${this.fn.name}`,
      AWS_LAMBDA_LOG_STREAM_NAME: environment,
      AWS_LAMBDA_RUNTIME_API: address,
      AWS_REGION: region,
      LAMBDA_RUNTIME_DIR: dirname(this.#runtimeClient),
      LAMBDA_TASK_ROOT: this.#taskRoot,
    };
  }

  #ready(environment: Managed): void {
    clearTimeout(environment.initTimer);
    environment.ready = true;
    this.#failures = 0;
  }

  /** The function could not be loaded: the next attempt waits, longer each time. */
  #failed(
    environment: Environment & { initReported?: boolean },
    outcome: (requestId: string) => Outcome,
  ): void {
    if (environment.initReported) return;
    environment.initReported = true;
    this.#notBefore = Date.now() + Math.min(backOff.firstMs * 2 ** this.#failures++, backOff.maxMs);
    this.fn.initFailed(environment, outcome);
  }

  #initTimedOut(environment: Managed): void {
    this.#failed(environment, (requestId) => timedOut(requestId, initLimitMs + this.fn.settings.timeoutMs));
    environment.kill();
  }

  async #ended(environment: Managed, exit: Exit): Promise<Exit> {
    clearTimeout(environment.initTimer);
    this.#environments.delete(environment);
    const { name } = environment;
    this.onEvent({ event: 'environmentEnded', functionName: this.fn.name, environment: name, ...exit });
    if (!environment.ready && !this.#closed)
      this.#failed(environment, (requestId) => exited(requestId, exit));
    this.fn.died(environment, exit);
    this.#demandAgain();
    await environment.api.close();
    return exit;
  }

  #stopIdle(idleMs: number): void {
    for (const environment of [...this.#environments].slice(this.options.provisioned ?? 0)) {
      const since = this.fn.idleSince(environment);
      if (since === undefined || Date.now() - since < idleMs) continue;
      this.fn.retire(environment);
      environment.kill();
    }
  }
}
