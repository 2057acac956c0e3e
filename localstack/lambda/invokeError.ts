/** What Lambda's API refuses, as the SDK raises it. */
export class InvokeError extends Error {
  constructor(
    override readonly name: string,
    readonly status: number,
    message: string,
    readonly reason?: string,
  ) {
    super(message);
  }
}

export const throttled = (message: string) =>
  new InvokeError('TooManyRequestsException', 429, message, 'ConcurrentInvocationLimitExceeded');

export const stopping = () =>
  new InvokeError('ServiceException', 500, 'The local Lambda service is stopping');

export const notFound = (message: string) => new InvokeError('ResourceNotFoundException', 404, message);
