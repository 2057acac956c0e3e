import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sqsDeadLetters } from '../../../localstack/lambda/sqsDeadLetters';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

test('a dead letter goes to the queue of its ARN, at the endpoint that is given', async () => {
  const received: { target: unknown; message: Record<string, unknown> }[] = [];
  const sqs = createServer(async (request, response) => {
    const message = JSON.parse(Buffer.concat(await request.toArray()).toString());
    received.push({ target: request.headers['x-amz-target'], message });
    response.end(JSON.stringify({ MessageId: '1', MD5OfMessageBody: md5(message.MessageBody) }));
  });
  await new Promise<void>((resolve) => sqs.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(sqs.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const attributes = { RequestID: 'r', ErrorCode: '200', ErrorMessage: 'größer' };
  const queueArn = 'arn:aws:sqs:us-east-1:000000000000:dead';

  await sqsDeadLetters({ endpoint, region: 'us-east-1', credentials })({
    queueArn,
    body: '{"a":1}',
    attributes,
  });

  expect(received).toEqual([
    {
      target: 'AmazonSQS.SendMessage',
      message: {
        QueueUrl: `${endpoint}/000000000000/dead`,
        MessageBody: '{"a":1}',
        MessageAttributes: {
          RequestID: { DataType: 'String', StringValue: 'r' },
          ErrorCode: { DataType: 'Number', StringValue: '200' },
          ErrorMessage: { DataType: 'String', StringValue: 'größer' },
        },
      },
    },
  ]);
  sqs.closeAllConnections();
  sqs.close();
});
