import { SendMessageCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import type { DeadLetter } from './clock/delivery';
import type { InvocationRecord } from './lambda/asyncQueue';

/**
 * Sends to queues by ARN or URL. The endpoint is used as it is given: the host in a queue URL of LocalStack's does not
 * lead there from another container. Throws the SDK's errors, after one attempt.
 */
export const openSqs = (config: SQSClientConfig & { endpoint: string }) => {
  const client = new SQSClient({ maxAttempts: 1, ...config, useQueueUrlAsEndpoint: false });

  const sendMessage = async (
    queue: string,
    message: { MessageBody: string; [parameter: string]: unknown },
  ): Promise<void> => {
    const [account, name] = queue.split(/[:/]/).slice(-2);
    const QueueUrl = `${config.endpoint.replace(/\/$/, '')}/${account}/${name}`;
    await client.send(new SendMessageCommand({ ...message, QueueUrl }));
  };

  return {
    sendMessage,
    /** A dead letter of the Scheduler's. */
    sendDeadLetter: ({ queueArn, body, attributes }: DeadLetter) =>
      sendMessage(queueArn, {
        MessageBody: body,
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, StringValue]) => [
            name,
            { DataType: 'String', StringValue },
          ]),
        ),
      }),
    /** A record of Lambda's for a failure destination. */
    sendRecord: (queueArn: string, record: InvocationRecord) =>
      sendMessage(queueArn, { MessageBody: JSON.stringify(record) }),
  };
};
