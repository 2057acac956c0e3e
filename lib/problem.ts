/** What was wrong with one field of a request. */
export interface FieldError {
  path: string;
  message: string;
}

const titles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

/** An error that knows its HTTP answer: an RFC 9457 problem document. */
export class Problem extends Error {
  override name = 'Problem';

  constructor(
    readonly status: keyof typeof titles,
    detail: string,
    readonly errors?: FieldError[],
    options?: ErrorOptions,
  ) {
    super(detail, options);
  }

  toJSON() {
    const { status, message: detail, errors } = this;
    return { type: 'about:blank', title: titles[status], status, detail, ...(errors && { errors }) };
  }
}

/** A store or the Scheduler did not answer, or refused for a reason of its own. Worth trying again. */
export class Unavailable extends Problem {
  override name = 'Unavailable';

  constructor(what: 'PostgreSQL' | 'Redis' | 'Scheduler' | 'Lambda', cause: unknown) {
    super(503, `${what} is not available, try again soon`, undefined, { cause });
  }
}
