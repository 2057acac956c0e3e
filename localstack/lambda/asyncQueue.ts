import type { OnEvent } from './event';
import { describeFailure, type Invocation, type Outcome } from './invocation';
import type { LambdaFunction } from './lambdaFunction';

/** An event that was given up, as Lambda hands it to a function's dead-letter queue. */
export interface DeadLetter {
  queueArn: string;
  body: string;
  /** "Adding a dead-letter queue": the first 1 KB of the error, and the HTTP status of the invoke. */
  attributes: { RequestID: string; ErrorCode: string; ErrorMessage: string };
}

export interface AsyncOptions {
  /** Waiting time before each further attempt. Default: Lambda's, one and two minutes. */
  retryDelaysMs?: number[];
  /** An event that gets older is given up. Default: Lambda's, six hours. */
  maxAgeMs?: number;
  deadLetterArn?: string;
  sendDeadLetter?: (letter: DeadLetter) => Promise<void>;
}

type AsyncEvent = Pick<Invocation, 'requestId' | 'functionArn' | 'payload' | 'traceId'>;

interface Pending extends AsyncEvent {
  fn: LambdaFunction;
  expiresAt: number;
  attempt: number;
  expiry: NodeJS.Timeout | undefined;
  retry: NodeJS.Timeout | undefined;
  lastError: { code: number; message: string };
}

const message = (outcome: Outcome): string =>
  outcome.type === 'functionError' ? describeFailure(outcome.payload).errorMessage : outcome.type;

/**
 * Asynchronous invocation ("How Lambda handles errors and retries with asynchronous invocation"): two more attempts
 * after a failure, then the dead-letter queue. Kept in memory: what waits when the process ends is lost.
 */
export class AsyncQueue {
  #retryDelaysMs: number[];
  #maxAgeMs: number;
  #pending = new Set<Pending>();
  #letters = new Set<Promise<void>>();

  constructor(
    private readonly options: AsyncOptions,
    private readonly onEvent: OnEvent,
  ) {
    this.#retryDelaysMs = options.retryDelaysMs ?? [60_000, 120_000];
    this.#maxAgeMs = options.maxAgeMs ?? 6 * 3_600_000;
  }

  accept(fn: LambdaFunction, event: AsyncEvent): void {
    const pending: Pending = {
      ...event,
      fn,
      expiresAt: Date.now() + this.#maxAgeMs,
      attempt: 0,
      expiry: undefined,
      retry: undefined,
      lastError: { code: 429, message: 'No execution environment became free in time' },
    };
    this.#pending.add(pending);
    this.#attempt(pending);
  }

  /** Reports what has not been delivered, and waits for dead letters that are under way. */
  async stop(): Promise<void> {
    for (const pending of this.#pending) {
      this.#forget(pending);
      this.#report(pending, 'The local Lambda service is stopping');
    }
    await Promise.all(this.#letters);
  }

  #attempt(pending: Pending): void {
    const { requestId, functionArn, payload, traceId, fn } = pending;
    pending.attempt++;
    const settle = (outcome: Outcome) => this.#ended(pending, outcome);
    const invocation: Invocation = { requestId, functionArn, payload, traceId, impatient: false, settle };
    pending.expiry = setTimeout(() => {
      if (fn.withdraw(invocation)) this.#giveUp(pending);
    }, pending.expiresAt - Date.now());
    fn.invoke(invocation);
  }

  #ended(pending: Pending, outcome: Outcome): void {
    clearTimeout(pending.expiry);
    // What ends because the service stops is reported by stop().
    if (outcome.type === 'stopping' || !this.#pending.has(pending)) return;
    if (outcome.type === 'success') {
      this.#forget(pending);
      return;
    }
    pending.lastError = { code: 200, message: message(outcome) };
    const delayMs = this.#retryDelaysMs[pending.attempt - 1];
    if (delayMs === undefined || Date.now() + delayMs >= pending.expiresAt) {
      this.#giveUp(pending);
      return;
    }
    this.onEvent({
      event: 'asyncRetry',
      functionName: pending.fn.name,
      requestId: pending.requestId,
      attempt: pending.attempt,
      delayMs,
      error: pending.lastError.message,
    });
    pending.retry = setTimeout(() => this.#attempt(pending), delayMs);
  }

  #forget(pending: Pending): void {
    clearTimeout(pending.expiry);
    clearTimeout(pending.retry);
    this.#pending.delete(pending);
  }

  #report(
    { fn, requestId, payload }: Pending,
    error: string,
    event: 'asyncGivenUp' | 'deadLetterFailed' = 'asyncGivenUp',
  ) {
    this.onEvent({ event, functionName: fn.name, requestId, error, payload: payload.toString() });
  }

  #giveUp(pending: Pending): void {
    this.#forget(pending);
    const { code, message } = pending.lastError;
    this.#report(pending, message);
    const { deadLetterArn, sendDeadLetter } = this.options;
    if (!deadLetterArn || !sendDeadLetter) return;
    const sending = sendDeadLetter({
      queueArn: deadLetterArn,
      body: pending.payload.toString(),
      attributes: {
        RequestID: pending.requestId,
        ErrorCode: String(code),
        ErrorMessage: message.slice(0, 1024),
      },
    })
      .catch((error: Error) => this.#report(pending, error.message, 'deadLetterFailed'))
      .finally(() => this.#letters.delete(sending));
    this.#letters.add(sending);
  }
}
