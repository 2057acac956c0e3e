import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { InvocationRecord } from '../../localstack/lambda/asyncQueue';
import { openSqs } from '../../localstack/sqs';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:dead';

let server: Server;
let endpoint: string;
let received: Record<string, unknown>[];
let sqs: ReturnType<typeof openSqs>;

beforeEach(async () => {
  received = [];
  server = createServer(async (request, response) => {
    const message = JSON.parse(Buffer.concat(await request.toArray()).toString());
    received.push(message);
    response.end(JSON.stringify({ MessageId: '1', MD5OfMessageBody: md5(message.MessageBody) }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  sqs = openSqs({ endpoint, region: 'us-east-1', credentials });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('a dead letter goes to the queue of its ARN, at the endpoint that is given, its attributes as text', async () => {
  const attributes = { RETRY_ATTEMPTS: '2', ERROR_MESSAGE: 'größer' };
  await sqs.sendDeadLetter({ queueArn, body: '{"a":1}', attributes });
  expect(received).toEqual([
    {
      QueueUrl: `${endpoint}/000000000000/dead`,
      MessageBody: '{"a":1}',
      MessageAttributes: {
        RETRY_ATTEMPTS: { DataType: 'String', StringValue: '2' },
        ERROR_MESSAGE: { DataType: 'String', StringValue: 'größer' },
      },
    },
  ]);
});

test('a record of a failed event is the body of a message', async () => {
  const record = { version: '1.0', requestPayload: { a: 1 } } as unknown as InvocationRecord;
  await sqs.sendRecord(queueArn, record);
  expect(received).toEqual([
    { QueueUrl: `${endpoint}/000000000000/dead`, MessageBody: JSON.stringify(record) },
  ]);
});

test('a queue may be given by its URL', async () => {
  await sqs.sendMessage('http://sqs.us-east-1.localhost:4566/000000000000/dead', { MessageBody: 'm' });
  expect(received[0]).toMatchObject({ QueueUrl: `${endpoint}/000000000000/dead` });
});
