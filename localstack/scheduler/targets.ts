import type { z } from 'zod';

/** "Templated targets": the services whose resources may be a target. */
const templated = new Set(
  'codebuild codepipeline ecs events firehose inspector kinesis lambda sagemaker sns sqs states'.split(' '),
);

/** "Universal targets": here only what the clock can call, of the 270 services that AWS has. */
const universal = new Set(['lambda', 'sns', 'sqs']);

const universalArn = /^arn:aws(?:-[a-z]+)*:scheduler:::aws-sdk:([^:]*):([^:]*)$/;

/** "EventBridge Scheduler does not support read-only API actions, such as common GET operations." */
const readOnly =
  /^(?:get|describe|list|poll|receive|search|scan|query|select|read|lookup|discover|validate|batchGet|batchDescribe|batchRead|transactGet|adminGet|adminList|testMigration|retrieve|testConnection|translateDocument|isAuthorized|invokeModel)/;

/** "If the target is Lambda, Step Functions or EventBridge, the Input must be well-formed JSON" (Target, Input). */
const takesJson = /^arn:aws[a-z-]*:(?:lambda|states|events):/;

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** What is wrong with a target, in AWS's words. */
const targetFault = (arn: string, input: string | undefined): string | undefined => {
  const [, service, operation = ''] = universalArn.exec(arn) ?? [];
  if (service === undefined) {
    const resource = arn.split(':')[2] ?? '';
    if (!templated.has(resource)) return `${resource} is not a supported service for a target.`;
    if (input !== undefined && takesJson.test(arn) && !isJson(input)) return 'Input is not well-formed JSON.';
    return undefined;
  }
  if (!universal.has(service)) return `${service} is not a supported service for a target.`;
  if (readOnly.test(operation)) return `${operation} API is not supported`;
  if (input === undefined) return 'You must provide an input to set this target for your schedule';
  return undefined;
};

/** Refuses a target as AWS does. */
export const checkTarget = (
  { Arn, Input }: { Arn: string; Input?: string | undefined },
  context: z.core.$RefinementCtx,
): void => {
  const message = targetFault(Arn, Input);
  if (message) context.addIssue({ code: 'custom', message, params: { whole: true } });
};
