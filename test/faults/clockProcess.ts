import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { startClock } from '../../localstack/clock/clock';
import { schedulesInForce } from '../../localstack/clock/inForce';
import { filePlace } from '../../localstack/clock/place';
import { functionError, type Invoke } from '../../localstack/lambda/invocation';
import { fastTime } from './fastTime';

// The real clock in a process of its own, in fast time. Its one argument is a JSON object; when it is up it is told
// what time it is.
const { schedulerUrl, lambdaUrl, groupName, placeFile } = JSON.parse(process.argv[2] as string);
const client = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
};

/** Everything else has the clock and Lambda in one process; here the clock is killed alone. */
const invokeOverHttp: Invoke = async (functionArn, body, signal) => {
  const url = `${lambdaUrl}/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`;
  try {
    const answer = await fetch(url, { method: 'POST', body, signal });
    const payload = Buffer.from(await answer.arrayBuffer());
    const failed = !answer.ok || answer.headers.has('x-amz-function-error');
    return { type: failed ? 'functionError' : 'success', payload };
  } catch (error) {
    return functionError('Unreachable', (error as Error).message);
  }
};

process.once('message', (beganAt: number) => {
  void startClock({
    inForce: schedulesInForce(new SchedulerClient({ ...client, endpoint: schedulerUrl }), groupName),
    invoke: invokeOverHttp,
    place: filePlace(placeFile),
    time: fastTime(beganAt),
    sendDeadLetter: async (letter) => console.log(JSON.stringify({ letter })),
    onLoss: () =>
      fetch(`${lambdaUrl}/2015-03-31/functions/reconcile/invocations`, { method: 'POST' }).then(() => {}),
    onEvent: (event) => console.log(JSON.stringify(event)),
  });
});
process.on('disconnect', () => process.exit()).send?.('up');
