import * as z from 'zod';
import { Conflict, NoRoom, QuotaExceeded, Refused, Unavailable } from '../runtime/failures';

const titles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

export type ProblemStatus = keyof typeof titles;

/** RFC 9457: every error of the API. */
export const problemSchema = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'What is wrong with the request, field by field' }),
  })
  .meta({ id: 'Problem' });

/** What was wrong with one field of a request. */
export type FieldError = NonNullable<z.output<typeof problemSchema>['errors']>[number];

interface ProblemOptions extends ErrorOptions {
  errors?: FieldError[];
  headers?: Record<string, string>;
}

/** An error that knows its HTTP response. */
export class Problem extends Error {
  override name = 'Problem';
  readonly errors: FieldError[] | undefined;
  readonly headers: Record<string, string>;

  constructor(
    readonly status: ProblemStatus,
    detail: string,
    { errors, headers = {}, ...options }: ProblemOptions = {},
  ) {
    super(detail, options);
    this.errors = errors;
    this.headers = headers;
  }

  toJSON(): z.output<typeof problemSchema> {
    const { status, message: detail, errors } = this;
    return { type: 'about:blank', title: titles[status], status, detail, ...(errors && { errors }) };
  }
}

/** What to answer for what was thrown; a fault of ours tells nothing about itself. */
export const problemOf = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (error instanceof Refused) return new Problem(400, error.message);
  if (error instanceof Conflict) return new Problem(409, error.message);
  if (error instanceof QuotaExceeded || error instanceof NoRoom) return retry(429, error, 60);
  if (error instanceof Unavailable) return retry(503, error, 5);
  return new Problem(500, 'the service failed; the reason is in its log');
};

const retry = (status: 429 | 503, error: Error, seconds: number) =>
  new Problem(status, error.message, { headers: { 'retry-after': String(seconds) }, cause: error.cause });
