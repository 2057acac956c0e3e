const statuses = {
  ConflictException: 409,
  InternalServerException: 500,
  RequestEntityTooLargeException: 413,
  ResourceNotFoundException: 404,
  SerializationException: 400,
  UnknownOperationException: 404,
  ValidationException: 400,
} as const;

/** An error that knows its answer: the name is the exception the SDK raises. */
export class SchedulerError extends Error {
  readonly status: number;

  constructor(
    override readonly name: keyof typeof statuses,
    message: string,
  ) {
    super(message);
    this.status = statuses[name];
  }
}

export const invalid = (message: string) => new SchedulerError('ValidationException', message);

export const noSchedule = (name: string) =>
  new SchedulerError('ResourceNotFoundException', `Schedule ${name} does not exist.`);

export const noGroup = (name: string) =>
  new SchedulerError('ResourceNotFoundException', `Schedule group ${name} does not exist.`);
