import { SendMessageCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';

interface Letter {
  queueArn: string;
  body: string;
  attributes: Record<string, string>;
}

/**
 * Sends dead letters to SQS. The endpoint is used as it is given: the host in a queue URL of LocalStack's does not
 * lead there from another container.
 */
export const sqsDeadLetters = (config: SQSClientConfig & { endpoint: string }) => {
  const client = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
  return async ({ queueArn, body, attributes }: Letter): Promise<void> => {
    const [account, name] = queueArn.split(':').slice(-2);
    const message = new SendMessageCommand({
      QueueUrl: `${config.endpoint.replace(/\/$/, '')}/${account}/${name}`,
      MessageBody: body,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([key, StringValue]) => [
          key,
          { DataType: key === 'ErrorCode' ? 'Number' : 'String', StringValue },
        ]),
      ),
    });
    await client.send(message);
  };
};
