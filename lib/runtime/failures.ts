// What the adapters throw. They know nothing of HTTP: lib/http/problem.ts says what each of them is there.

type Service = 'PostgreSQL' | 'Redis' | 'Scheduler' | 'Lambda';

/** A store or a service did not answer, or answered that it cannot right now: worth trying again soon. */
export class Unavailable extends Error {
  override name = 'Unavailable';

  constructor(
    readonly service: Service,
    cause: unknown,
  ) {
    super(`${service} is not available, try again soon`, { cause });
  }
}

/** The service will never take this request: the message says why, in its words. */
export class Refused extends Error {
  override name = 'Refused';

  constructor(
    readonly service: Service,
    cause: Error,
  ) {
    super(`${service} refuses it: ${cause.message}`, { cause });
  }
}

/** Another has already what only one can have: the message says who. */
export class Conflict extends Error {
  override name = 'Conflict';
}

/** The account has used up what the service allows it. */
export class QuotaExceeded extends Error {
  override name = 'QuotaExceeded';

  constructor(
    readonly service: Service,
    cause: Error,
  ) {
    super(`the quota of ${service} is used up: ${cause.message}`, { cause });
  }
}

/** There are as many as this service was set up for. */
export class NoRoom extends Error {
  override name = 'NoRoom';
}
