import { startTimers } from '../../localstack/timers';
import { until } from './clock/manualTime';

const succeeded = { functionError: false, payload: Buffer.from('{"missing":1}') };
const failed = { functionError: true, payload: Buffer.from('{"errorMessage":"no database"}') };

/** Timers whose reconcile ends with these outcomes, one after the other. */
const start = (outcomes: (typeof succeeded | Error)[]) => {
  const invoked: string[] = [];
  const events: Record<string, unknown>[] = [];
  const timers = startTimers({
    lambda: {
      invoke: async (name) => {
        invoked.push(name);
        const outcome = outcomes.shift() ?? succeeded;
        if (outcome instanceof Error) throw outcome;
        return outcome;
      },
      invokeEvent: (name) => void invoked.push(name),
    },
    onEvent: (event) => events.push(event),
  });
  return { timers, invoked, events };
};

test('reconcile is invoked at the start until it succeeds; then watch and prune, as events', async () => {
  const { timers, invoked, events } = start([failed, new Error('Lambda is away'), succeeded]);
  await timers.ready();
  await until(() => invoked.length === 5);
  timers.stop();
  expect(invoked).toEqual(['reconcile', 'reconcile', 'reconcile', 'watch', 'prune']);
  expect(events).toEqual([
    { message: 'reconcile failed', error: 'no database' },
    { message: 'reconcile failed', error: 'Lambda is away' },
    { message: 'reconciled', outcome: { missing: 1 } },
  ]);
});

test('a loss of the state reconciles at once, once for all who ask, and they are told of a failure', async () => {
  const { timers, invoked } = start([succeeded, failed]);
  await timers.ready();
  const lost = [timers.reconcile(), timers.reconcile()];
  expect((await Promise.allSettled(lost)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(invoked.filter((name) => name === 'reconcile')).toHaveLength(2);
  await timers.reconcile();
  timers.stop();
  expect(invoked.filter((name) => name === 'reconcile')).toHaveLength(3);
});

test('once stopped it invokes nothing more, also when reconcile never succeeded', async () => {
  const { timers, invoked } = start([failed, failed, failed]);
  timers.stop();
  await expect(timers.ready()).rejects.toThrow();
  expect(invoked.length).toBeLessThanOrEqual(1);
});
