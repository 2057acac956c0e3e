import type { Target } from '@aws-sdk/client-scheduler';

/** Parameters of an API operation, under its own names. */
type Parameters = Record<string, unknown>;

/**
 * The APIs that schedules may call. They throw as an SDK client does: a name, and the HTTP status where there was an
 * answer. One that is missing is not there on this machine.
 */
export interface Targets {
  /** Invoke, with InvocationType Event. */
  lambda: (functionName: string, payload: string) => Promise<void> | void;
  /** SendMessage to a queue by its ARN or URL. */
  sqs?: (queue: string, message: Parameters & { MessageBody: string }) => Promise<void>;
  /** Publish to a topic by its ARN. */
  sns?: (topicArn: string, message: Parameters & { Message: string }) => Promise<void>;
}

/** An invocation that failed, as it is told in a dead letter. */
export interface Failure {
  code: string;
  message: string;
  /** Whether it may succeed later ("errors such as throttling and 5xx"). */
  retryable: boolean;
}

/** What the API would answer that we have not. */
class Unsupported extends Error {
  override readonly name = 'ValidationException';
  readonly status = 400;

  constructor(service: string) {
    super(`${service} is not a supported service for a target.`);
  }
}

const universal = /^arn:aws[\w-]*:scheduler:::aws-sdk:(\w+):(\w+)$/;

const serviceOf = (arn: string) => arn.split(':')[2] ?? '';

/** Calls the operation that a universal target names, with the parameters that its Input holds. */
const callOperation = async (targets: Targets, service: string, operation: string, input: Parameters) => {
  const text = (name: string) => (input[name] === undefined ? '' : String(input[name]));
  switch (`${service}:${operation}`) {
    case 'lambda:invoke':
      return targets.lambda(text('FunctionName'), text('Payload'));
    case 'sqs:sendMessage':
      if (!targets.sqs) throw new Unsupported(service);
      return targets.sqs(text('QueueUrl'), { ...input, MessageBody: text('MessageBody') });
    case 'sns:publish':
      if (!targets.sns) throw new Unsupported(service);
      return targets.sns(text('TopicArn'), { ...input, Message: text('Message') });
    default:
      throw new Unsupported(service);
  }
};

const callTarget = async (targets: Targets, { Arn = '', SqsParameters }: Target, input: string) => {
  const [, service, operation] = universal.exec(Arn) ?? [];
  if (service && operation) return callOperation(targets, service, operation, JSON.parse(input));
  switch (serviceOf(Arn)) {
    case 'lambda':
      return targets.lambda(Arn, input);
    case 'sqs':
      if (!targets.sqs) throw new Unsupported('sqs');
      return targets.sqs(Arn, { ...SqsParameters, MessageBody: input });
    case 'sns':
      if (!targets.sns) throw new Unsupported('sns');
      return targets.sns(Arn, { Message: input });
    default:
      throw new Unsupported(serviceOf(Arn));
  }
};

type ApiError = Error & { status?: number; $metadata?: { httpStatusCode?: number } };

/** A call without an answer may succeed later, as may one that was throttled or met a fault of the service. */
const failureOf = (error: ApiError): Failure => {
  const status = error.status ?? error.$metadata?.httpStatusCode;
  const isPermanent = status !== undefined && status < 500 && status !== 429;
  return {
    code: error.name,
    message: error.message,
    retryable: !isPermanent && !(error instanceof SyntaxError),
  };
};

/** Calls a schedule's target. Resolves to undefined when it accepted. */
export const invokeTarget = (targets: Targets, target: Target, input: string): Promise<Failure | undefined> =>
  callTarget(targets, target, input).then(() => undefined, failureOf);
