import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { startClock } from '../../localstack/clock/clock';
import { type Beginning, fastTime } from './fastTime';

// The real clock in a process of its own, in fast time. Its one argument is a JSON object; when it is up it is told
// what time it is.
const { schedulerUrl, lambdaUrl } = JSON.parse(process.argv[2] as string);
const client = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
};

/** Everything else has the clock and Lambda in one process; here the clock is killed alone. */
const invoke = async (functionName: string, type: 'Event' | 'RequestResponse', body: string) => {
  const url = `${lambdaUrl}/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
  const answer = await fetch(url, { method: 'POST', body, headers: { 'x-amz-invocation-type': type } });
  const text = await answer.text();
  if (!answer.ok) throw Object.assign(new Error(text), { status: answer.status });
};

process.once('message', (beginning: Beginning) => {
  startClock({
    scheduler: new SchedulerClient({ ...client, endpoint: schedulerUrl }),
    targets: { lambda: (functionName, payload) => invoke(functionName, 'Event', payload) },
    time: fastTime(beginning),
    sendDeadLetter: async (letter) => console.log(JSON.stringify({ letter })),
    onLoss: () => invoke('reconcile', 'RequestResponse', '{}'),
    onEvent: (event) => console.log(JSON.stringify(event)),
  });
});
process.on('disconnect', () => process.exit()).send?.('up');
