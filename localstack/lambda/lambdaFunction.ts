import type { EventInvokeConfig } from './asyncQueue';
import type { OnEvent } from './event';
import { type Exit, exited, type Invocation, type Outcome, timedOut } from './invocation';

/** An execution environment: a process in which the function runs. */
export interface Environment {
  readonly name: string;
  /** Ends the process, where it is ours to end. */
  readonly kill?: () => void;
  /** Where the lines that it writes are added, if we can read them. */
  log?: string[];
}

/** A GET /next that has not been answered. */
export interface Poll {
  readonly environment: Environment;
  /** Which of the environment's askers it is: each has one invocation at a time. */
  readonly asker: object;
  readonly since: number;
  /** False when the asker is gone. */
  hand: (invocation: Invocation, deadlineMs: number) => boolean;
  /** Whether every byte of the answer was taken from us: if not, the function cannot have begun. */
  handedOver: () => boolean;
}

/** Where environments come from, when they are not started by somebody else. */
export interface Supply {
  /** Called when invocations wait and nobody asks for work. */
  demand: (waiting: number) => void;
  /** Whether an environment other than this one is alive. */
  hasOther: (environment: Environment) => boolean;
}

interface Run {
  invocation: Invocation;
  poll: Poll;
  startedAt: number;
  timer: NodeJS.Timeout;
  log: string[];
}

export interface FunctionSettings {
  timeoutMs: number;
  async?: EventInvokeConfig;
  /** A RequestResponse is refused when no environment becomes free for this long. */
  waitLimitMs: number;
  /** A RequestResponse is refused when so many of them wait. */
  maxWaiting: number;
}

const summary = (outcome: Outcome): string | undefined => {
  if (outcome.type === 'success') return undefined;
  return 'payload' in outcome ? outcome.payload.toString('utf8', 0, 1000) : outcome.type;
};

/** Brings together the invocations of one function and the environments that ask for them. */
export class LambdaFunction {
  supply: Supply | undefined;
  /** Since when they wait, oldest first: a Map lets one leave from anywhere. A caller's turn comes before an event's. */
  #queues = { RequestResponse: new Map<Invocation, number>(), Event: new Map<Invocation, number>() };
  #polls: Poll[] = [];
  #runs = new Map<string, Run>();
  /** Have answered and are about to ask again. */
  #returning = new Map<object, Environment>();
  #demandTimer: NodeJS.Timeout | undefined;
  #lastHandedAt = 0;
  #waitTimer: NodeJS.Timeout | undefined;
  #whenIdle: (() => void) | undefined;
  #stopping = false;

  constructor(
    readonly name: string,
    readonly settings: FunctionSettings,
    private readonly onEvent: OnEvent,
  ) {}

  get async(): EventInvokeConfig {
    return this.settings.async ?? {};
  }

  get state() {
    return { waiting: this.#waiting, running: this.#runs.size, idle: this.#polls.length };
  }

  get #waiting(): number {
    return this.#queues.RequestResponse.size + this.#queues.Event.size;
  }

  get full(): boolean {
    return this.#queues.RequestResponse.size >= this.settings.maxWaiting;
  }

  invoke(invocation: Invocation): void {
    if (this.#stopping) {
      invocation.settle({ type: 'stopping' }, []);
      return;
    }
    this.#queues[invocation.type].set(invocation, Date.now());
    if (invocation.type === 'RequestResponse')
      this.#waitTimer ??= setTimeout(() => this.#refuseLate(), this.settings.waitLimitMs);
    this.#match();
  }

  /** Takes back an invocation that nobody wants any more; false when it has begun or ended. */
  withdraw(invocation: Invocation): boolean {
    return this.#queues[invocation.type].delete(invocation);
  }

  #next(): Invocation | undefined {
    const { RequestResponse, Event } = this.#queues;
    const [invocation] = RequestResponse.size > 0 ? RequestResponse.keys() : Event.keys();
    if (invocation) this.withdraw(invocation);
    return invocation;
  }

  /** To the front, as it has had its turn. */
  #putBack(invocation: Invocation): void {
    const queue = this.#queues[invocation.type];
    this.#queues[invocation.type] = new Map([[invocation, Date.now()], ...queue]);
  }

  ask(poll: Poll): void {
    // Whoever asks for more without having answered has lost what it was doing.
    this.#lose(({ asker }) => asker === poll.asker);
    this.#returning.delete(poll.asker);
    this.#polls.push(poll);
    this.#match();
  }

  /**
   * The end of an invocation, told by its environment. False when it is not running (any more), or not there.
   * @param environment unknown when it answers on a connection on which it never asked for work
   */
  answer(requestId: string, environment: Environment | undefined, outcome: Outcome): boolean {
    const run = this.#runs.get(requestId);
    if (!run || (environment && environment !== run.poll.environment)) return false;
    this.#returning.set(run.poll.asker, run.poll.environment);
    this.#end(run, outcome);
    return true;
  }

  /** The environment is gone. What it was doing has failed, unless it had not even got it. */
  died(environment: Environment, exit?: Exit): void {
    for (const [asker, of] of this.#returning) if (of === environment) this.#returning.delete(asker);
    this.#lose((poll) => poll.environment === environment, exit);
    this.#match();
  }

  #lose(isLost: (poll: Poll) => boolean, exit?: Exit): void {
    this.#polls = this.#polls.filter((poll) => !isLost(poll));
    for (const run of this.#runs.values()) {
      if (!isLost(run.poll)) continue;
      if (run.poll.handedOver()) {
        this.#end(run, exited(run.invocation.requestId, exit));
      } else {
        this.#forget(run);
        this.#putBack(run.invocation);
      }
    }
  }

  /** An environment could not load the function. If there is no other, all that waits fails with that. */
  initFailed(environment: Environment, outcome: (requestId: string) => Outcome): void {
    this.onEvent({ event: 'initFailed', functionName: this.name, error: summary(outcome('-')) ?? '' });
    if (this.#runs.size > 0 || this.#polls.length > 0 || this.supply?.hasOther(environment)) return;
    this.#refuse(this.#allWaiting(), outcome);
  }

  /** Since when it has nothing to do; undefined while it has, and before it has asked. */
  idleSince(environment: Environment): number | undefined {
    if ([...this.#runs.values()].some(({ poll }) => poll.environment === environment)) return undefined;
    const polls = this.#polls.filter((poll) => poll.environment === environment);
    return polls.length > 0 ? Math.max(...polls.map(({ since }) => since)) : undefined;
  }

  /** It is given no more work. */
  retire(environment: Environment): void {
    this.#polls = this.#polls.filter((poll) => poll.environment !== environment);
  }

  /** Refuses what waits, and resolves when what runs has ended or the time is over. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#refuse(this.#allWaiting(), () => ({ type: 'stopping' }));
    clearTimeout(this.#waitTimer);
    clearTimeout(this.#demandTimer);
    if (this.#runs.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, graceMs);
        this.#whenIdle = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    for (const run of this.#runs.values()) this.#end(run, { type: 'stopping' });
  }

  /**
   * Of the environments that do least the one that asked last: as Lambda does, so that the others can become idle and be
   * stopped.
   */
  #nextPoll(): Poll {
    const load = new Map<Environment, number>();
    for (const { poll } of this.#runs.values()) {
      load.set(poll.environment, (load.get(poll.environment) ?? 0) + 1);
    }
    const loadOf = (n: number) => load.get((this.#polls[n] as Poll).environment) ?? 0;
    let best = this.#polls.length - 1;
    for (let n = best - 1; n >= 0; n--) if (loadOf(n) < loadOf(best)) best = n;
    return this.#polls.splice(best, 1)[0] as Poll;
  }

  #match(): void {
    while (!this.#stopping && this.#polls.length > 0) {
      const invocation = this.#next();
      if (!invocation) return;
      const poll = this.#nextPoll();
      const startedAt = Date.now();
      if (!poll.hand(invocation, startedAt + this.settings.timeoutMs)) {
        this.#putBack(invocation);
        continue;
      }
      this.#lastHandedAt = startedAt;
      const log: string[] = [];
      if (poll.environment.log) poll.environment.log = log;
      const run: Run = {
        invocation,
        poll,
        startedAt,
        log,
        timer: setTimeout(() => this.#timeOut(run), this.settings.timeoutMs),
      };
      this.#runs.set(invocation.requestId, run);
    }
    if (this.#stopping || this.#waiting === 0 || !this.supply) return;
    // A caller's next invoke is often here before the environment that served the last one has asked again.
    const more = this.#waiting - this.#returning.size;
    if (more > 0) this.supply.demand(more);
    else this.#demandTimer ??= setTimeout(() => this.#demandAll(), 1000);
  }

  #demandAll(): void {
    this.#demandTimer = undefined;
    if (this.#waiting > 0) this.supply?.demand(this.#waiting);
  }

  #timeOut(run: Run): void {
    this.#end(run, timedOut(run.invocation.requestId, this.settings.timeoutMs));
    run.poll.environment.kill?.();
  }

  #forget(run: Run): void {
    clearTimeout(run.timer);
    this.#runs.delete(run.invocation.requestId);
  }

  #end(run: Run, outcome: Outcome): void {
    this.#forget(run);
    const error = summary(outcome);
    this.onEvent({
      event: 'invokeEnded',
      functionName: this.name,
      requestId: run.invocation.requestId,
      durationMs: Date.now() - run.startedAt,
      ...(error === undefined ? {} : { error }),
    });
    run.invocation.settle(outcome, run.log);
    if (this.#runs.size === 0) this.#whenIdle?.();
  }

  #allWaiting(): Invocation[] {
    return [...this.#queues.RequestResponse.keys(), ...this.#queues.Event.keys()];
  }

  #refuse(invocations: Invocation[], outcome: (requestId: string) => Outcome): void {
    for (const invocation of invocations) {
      if (this.withdraw(invocation)) invocation.settle(outcome(invocation.requestId), []);
    }
  }

  /** A queue that moves is left alone, however long: the limit counts from the last one that was handed out. */
  #refuseLate(): void {
    this.#waitTimer = undefined;
    const { waitLimitMs } = this.settings;
    const waited = (since: number) => Date.now() - Math.max(since, this.#lastHandedAt);
    const waiting = [...this.#queues.RequestResponse];
    const late = waiting.filter(([, since]) => waited(since) >= waitLimitMs);
    const message = `No execution environment of ${this.name} became free within ${waitLimitMs / 1000} seconds`;
    this.#refuse(
      late.map(([invocation]) => invocation),
      () => ({ type: 'throttled', message }),
    );
    const next = waiting[late.length];
    if (next) {
      this.#waitTimer = setTimeout(() => this.#refuseLate(), Math.max(1, waitLimitMs - waited(next[1])));
    }
  }
}
