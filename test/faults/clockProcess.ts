import { LambdaClient } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { startClock } from '../../localstack/clock/clock';
import { filePlace } from '../../localstack/clock/place';
import { fastTime } from './fastTime';

// The real clock in a process of its own, in fast time. Its one argument is a JSON object; when it is up it is told
// what time it is.
const { schedulerUrl, lambdaUrl, groupName, placeFile } = JSON.parse(process.argv[2] as string);
const client = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
};

process.once('message', (beganAt: number) => {
  void startClock({
    scheduler: new SchedulerClient({ ...client, endpoint: schedulerUrl }),
    lambda: new LambdaClient({
      ...client,
      endpoint: lambdaUrl,
      requestHandler: { httpAgent: { maxSockets: 128 } },
    }),
    groupName,
    place: filePlace(placeFile),
    time: fastTime(beganAt),
    sendDeadLetter: async (letter) => console.log(JSON.stringify({ letter })),
    onLoss: () =>
      fetch(`${lambdaUrl}/2015-03-31/functions/reconcile/invocations`, { method: 'POST' }).then(() => {}),
    onEvent: (event) => console.log(JSON.stringify(event)),
  });
});
process.on('disconnect', () => process.exit()).send?.('up');
