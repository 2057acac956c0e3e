import { randomUUID } from 'node:crypto';

/** How an invocation ended. */
export type Outcome =
  | { type: 'success'; payload: Buffer }
  | { type: 'functionError'; payload: Buffer }
  | { type: 'throttled'; message: string }
  | { type: 'stopping' };

export type InvocationType = 'RequestResponse' | 'Event';

/** One delivery of one event to a function. An asynchronous event that is retried keeps its requestId. */
export interface Invocation {
  readonly requestId: string;
  readonly functionArn: string;
  readonly payload: Buffer;
  readonly traceId: string;
  /** JSON, for context.clientContext. */
  readonly clientContext?: string | undefined;
  /** A caller waits for the answer to a RequestResponse; an Event waits for as long as it takes. */
  readonly type: InvocationType;
  /**
   * Called once.
   * @param log what its environment wrote meanwhile, where we can read it; the last lines may follow a moment later
   */
  readonly settle: (outcome: Outcome, log: readonly string[]) => void;
}

export const newTraceId = (): string => {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  const digits = randomUUID().replaceAll('-', '');
  return `Root=1-${seconds}-${digits.slice(0, 24)};Parent=${digits.slice(16)};Sampled=0`;
};

/** A failure of the function as the caller of Invoke gets it: HTTP 200 with FunctionError and this payload. */
export const functionError = (errorType: string, errorMessage: string): Outcome => ({
  type: 'functionError',
  payload: Buffer.from(JSON.stringify({ errorType, errorMessage })),
});

/** What the payload of a failure tells; all of it is the message where it is not of Lambda's form. */
export const describeFailure = (payload: Buffer): { errorType: string; errorMessage: string } => {
  const text = payload.toString();
  const told = { errorType: 'Unhandled', errorMessage: text };
  try {
    const { errorType, errorMessage } = JSON.parse(text);
    return { errorType: String(errorType ?? told.errorType), errorMessage: String(errorMessage ?? text) };
  } catch {
    return told;
  }
};

export const timedOut = (requestId: string, timeoutMs: number): Outcome =>
  functionError(
    'Sandbox.Timedout',
    `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`,
  );

/** How a process ended, where we know it. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

const signalNames: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: 'killed',
  SIGTERM: 'terminated',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
};

/** In Lambda's words. They are the same for an exit with 0 and for one that nobody saw. */
export const exited = (requestId: string, exit?: Exit): Outcome => {
  const reason = exit?.signal
    ? `Runtime exited with error: signal: ${signalNames[exit.signal] ?? exit.signal}`
    : exit?.code
      ? `Runtime exited with error: exit status ${exit.code}`
      : 'Runtime exited without providing a reason';
  return functionError('Runtime.ExitError', `RequestId: ${requestId} Error: ${reason}`);
};
