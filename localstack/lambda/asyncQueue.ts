import type { OnEvent } from './event';
import { describeFailure, type Invocation, type Outcome } from './invocation';
import { stopping, throttled } from './invokeError';
import type { LambdaFunction } from './lambdaFunction';

/** A function's configuration for asynchronous invocation ("PutFunctionEventInvokeConfig"). */
export interface EventInvokeConfig {
  /** 0 to 2. Default 2. */
  maximumRetryAttempts?: number;
  /** An event that gets older is given up. Default six hours. */
  maximumEventAgeInSeconds?: number;
  /** The ARN of the destination for events that failed. */
  onFailure?: string;
}

/** What a failure destination gets ("Adding a destination", example failure record). */
export interface InvocationRecord {
  version: '1.0';
  timestamp: string;
  requestContext: {
    requestId: string;
    functionArn: string;
    condition: 'RetriesExhausted' | 'EventAgeExceeded';
    approximateInvokeCount: number;
  };
  requestPayload: unknown;
  /** Missing, as the payload is, when the function was never invoked. */
  responseContext?: { statusCode: number; executedVersion: string; functionError: string };
  responsePayload?: unknown;
}

export interface AsyncOptions {
  /** Waiting time before each further attempt. Default: Lambda's, one and two minutes. */
  retryDelaysMs?: number[];
  /** Events at a time, of all functions; one more is refused (429). Default 100,000. */
  maxEvents?: number;
  sendRecord?: (destinationArn: string, record: InvocationRecord) => Promise<void>;
}

type AsyncEvent = Omit<Invocation, 'settle'>;

interface Pending {
  event: AsyncEvent;
  fn: LambdaFunction;
  expiresAt: number;
  invokeCount: number;
  expiry?: NodeJS.Timeout;
  retry?: NodeJS.Timeout;
  lastError?: Buffer;
}

const parsed = (payload: Buffer): unknown => {
  try {
    return JSON.parse(payload.toString());
  } catch {
    return payload.toString();
  }
};

const recordOf = (
  { event, invokeCount, lastError }: Pending,
  condition: InvocationRecord['requestContext']['condition'],
): InvocationRecord => ({
  version: '1.0',
  timestamp: new Date().toISOString(),
  requestContext: {
    requestId: event.requestId,
    functionArn: event.functionArn.endsWith(':$LATEST') ? event.functionArn : `${event.functionArn}:$LATEST`,
    condition,
    approximateInvokeCount: invokeCount,
  },
  requestPayload: parsed(event.payload),
  ...(lastError && {
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: parsed(lastError),
  }),
});

/**
 * Asynchronous invocation ("How Lambda handles errors and retries with asynchronous invocation"): two more attempts after
 * a failure, then the failure destination. The queue is in memory: what waits there when the process is killed is lost.
 * `watch` then finds that runs are missing, and invokes them again.
 */
export class AsyncQueue {
  #retryDelaysMs: number[];
  #maxEvents: number;
  #pending = new Set<Pending>();
  #records = new Set<Promise<void>>();
  #stopping = false;

  constructor(
    private readonly options: AsyncOptions,
    private readonly onEvent: OnEvent,
  ) {
    this.#retryDelaysMs = options.retryDelaysMs ?? [60_000, 120_000];
    this.#maxEvents = options.maxEvents ?? 100_000;
  }

  /** @throws InvokeError */
  accept(fn: LambdaFunction, event: AsyncEvent): void {
    if (this.#stopping) throw stopping();
    if (this.#pending.size >= this.#maxEvents) throw throttled('Rate Exceeded.');
    const ageMs = (fn.async.maximumEventAgeInSeconds ?? 6 * 3600) * 1000;
    const pending: Pending = { event, fn, expiresAt: Date.now() + ageMs, invokeCount: 0 };
    this.#pending.add(pending);
    this.#attempt(pending);
  }

  /** Reports what has not been delivered, and waits for records that are under way. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const pending of this.#pending) {
      this.#forget(pending);
      this.#report('asyncLost', pending, 'The local Lambda service is stopping');
    }
    await Promise.all(this.#records);
  }

  #attempt(pending: Pending): void {
    const { event, fn, expiresAt } = pending;
    const settle = (outcome: Outcome) => this.#ended(pending, outcome);
    const invocation: Invocation = { ...event, settle };
    pending.expiry = setTimeout(() => {
      if (fn.withdraw(invocation)) this.#giveUp(pending, 'EventAgeExceeded');
    }, expiresAt - Date.now());
    fn.invoke(invocation);
  }

  #ended(pending: Pending, outcome: Outcome): void {
    clearTimeout(pending.expiry);
    // What ends because the service stops is reported by stop().
    if (!this.#pending.has(pending) || !('payload' in outcome)) return;
    pending.invokeCount++;
    if (outcome.type === 'success') this.#forget(pending);
    else this.#failed(pending, outcome.payload);
  }

  #failed(pending: Pending, error: Buffer): void {
    pending.lastError = error;
    const retries = pending.fn.async.maximumRetryAttempts ?? 2;
    const delayMs = this.#retryDelaysMs[pending.invokeCount - 1] ?? 0;
    const isExhausted = pending.invokeCount > retries;
    if (isExhausted || Date.now() + delayMs >= pending.expiresAt) {
      this.#giveUp(pending, isExhausted ? 'RetriesExhausted' : 'EventAgeExceeded');
      return;
    }
    this.onEvent({
      event: 'asyncRetry',
      functionName: pending.fn.name,
      requestId: pending.event.requestId,
      attempt: pending.invokeCount,
      delayMs,
      error: describeFailure(error).errorMessage,
    });
    pending.retry = setTimeout(() => this.#attempt(pending), delayMs);
  }

  #forget(pending: Pending): void {
    clearTimeout(pending.expiry);
    clearTimeout(pending.retry);
    this.#pending.delete(pending);
  }

  #report(what: 'asyncLost' | 'asyncGivenUp' | 'destinationFailed', { fn, event }: Pending, error: string) {
    const payload = event.payload.toString();
    this.onEvent({ event: what, functionName: fn.name, requestId: event.requestId, error, payload });
  }

  #giveUp(pending: Pending, condition: InvocationRecord['requestContext']['condition']): void {
    this.#forget(pending);
    const { lastError, fn } = pending;
    this.#report('asyncGivenUp', pending, lastError ? describeFailure(lastError).errorMessage : condition);
    const { sendRecord } = this.options;
    if (!fn.async.onFailure || !sendRecord) return;
    const sending = sendRecord(fn.async.onFailure, recordOf(pending, condition))
      .catch((error: Error) => this.#report('destinationFailed', pending, error.message))
      .finally(() => this.#records.delete(sending));
    this.#records.add(sending);
  }
}
