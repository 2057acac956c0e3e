/** What happened, for the log. */
export type LambdaEvent =
  | { event: 'invokeEnded'; functionName: string; requestId: string; durationMs: number; error?: string }
  | { event: 'initFailed'; functionName: string; error: string }
  | { event: 'environmentStarted'; functionName: string; environment: string; pid?: number }
  | {
      event: 'environmentEnded';
      functionName: string;
      environment: string;
      code: number | null;
      signal: string | null;
    }
  | { event: 'output'; functionName: string; environment: string; stream: 'stdout' | 'stderr'; line: string }
  | {
      event: 'asyncRetry';
      functionName: string;
      requestId: string;
      attempt: number;
      delayMs: number;
      error: string;
    }
  | {
      event: 'asyncLost' | 'asyncGivenUp' | 'destinationFailed';
      functionName: string;
      requestId: string;
      error: string;
      payload: string;
    };

export type OnEvent = (event: LambdaEvent) => void;
