import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { startClock } from '../../localstack/clock/clock';
import { startLambdaService } from '../../localstack/lambda/service';
import { startSchedulerApi } from '../../localstack/scheduler/api';
import { openSqs } from '../../localstack/sqs';

// Starts what the contract test needs on this machine, and prints the variables that lead the test to it. Events are
// retried after seconds rather than minutes.
//   npm run build
//   npx esbuild test/aws/emulation.ts --bundle --platform=node --packages=external --outfile=.build/test/emulation.js
//   node .build/test/emulation.js > .build/test/emulation.env & sleep 3
//   . .build/test/emulation.env && npm run test:aws; kill %1

const region = 'us-east-1';
const account = '000000000000';
const group = 'contract';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const queueArn = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** SendMessage and ReceiveMessage, which takes a message away. */
const startQueues = async (): Promise<string> => {
  const queues = new Map<string, object[]>();
  const server = createServer(async (request, response) => {
    const {
      QueueUrl = '',
      MessageBody = '',
      MessageAttributes,
    } = JSON.parse(Buffer.concat(await request.toArray()).toString());
    const messages = queues.get(QueueUrl) ?? [];
    queues.set(QueueUrl, messages);
    const sends = String(request.headers['x-amz-target']).endsWith('SendMessage');
    const message = { MessageId: randomUUID(), ReceiptHandle: 'r', MD5OfBody: md5(MessageBody) };
    if (sends) messages.push({ ...message, Body: MessageBody, MessageAttributes });
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(
      JSON.stringify(
        sends
          ? { MessageId: message.MessageId, MD5OfMessageBody: message.MD5OfBody }
          : { Messages: messages.splice(0, 10) },
      ),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const start = async () => {
  const sqsUrl = await startQueues();
  const sqs = openSqs({ region, credentials, endpoint: sqsUrl });
  const api = await startSchedulerApi({ region });
  const lambda = await startLambdaService({
    region,
    functions: {
      contract: {
        timeoutMs: 3000,
        async: { onFailure: queueArn('failures') },
        environments: {
          runtimeClient: resolve('.build/runtimeClient.js'),
          taskRoot: resolve('test/aws'),
          handler: 'function.handler',
        },
      },
    },
    async: { retryDelaysMs: [1000, 2000], sendRecord: sqs.sendRecord },
  });
  const scheduler = new SchedulerClient({ region, credentials, endpoint: api.url });
  await scheduler.send(new CreateScheduleGroupCommand({ Name: group }));
  startClock({
    scheduler,
    targets: { lambda: lambda.invokeEvent, sqs: sqs.sendMessage },
    sendDeadLetter: sqs.sendDeadLetter,
    onLoss: async () => {},
    onEvent: () => {},
  });
  const stack = {
    region,
    account,
    group,
    functionArn: `arn:aws:lambda:${region}:${account}:function:contract`,
    roleArn: `arn:aws:iam::${account}:role/scheduler`,
    messages: queueArn('messages'),
    deadLetters: queueArn('dead-letters'),
    failures: queueArn('failures'),
  };
  for (const [name, value] of Object.entries({
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_SCHEDULER: api.url,
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    AWS_ENDPOINT_URL_SQS: sqsUrl,
    AWS_TEST_STACK: JSON.stringify(stack),
  })) {
    console.log(`export ${name}='${value}'`);
  }
  process.once('SIGTERM', () => void lambda.close().then(() => process.exit()));
};

void start();
