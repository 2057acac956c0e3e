import { runNow } from '../../functions/runNow';
import { problemOf } from '../../lib/http/problem';
import { Unavailable } from '../../lib/runtime/failures';
import { openInvoker } from '../../lib/runtime/invoker';
import { caller, lines, newFile, startLambda, stopAll, until } from '../localstack/lambda/lambda';
import { modelNamed } from '../setup/world';

let open: (name: string) => ReturnType<typeof openInvoker>;

beforeAll(async () => {
  const { client } = await startLambda({
    echo: { handler: 'echo.handler' },
    behave: { handler: 'behave.handler', max: 1 },
  });
  open = (name) => openInvoker(name, client);
});
afterAll(stopAll);

test('invoke waits for what the function answers', async () => {
  expect(await open('echo').invoke({ a: 1 })).toMatchObject({ event: { a: 1 } });
});

test('invokeLater leaves the event to the queue of Lambda', async () => {
  const file = newFile();
  expect(await open('behave').invokeLater({ do: 'failTimes', file, times: 0 })).toBeUndefined();
  await until(() => lines(file).length === 1);
});

test.each([
  ['a function that fails', () => open('behave').invoke({ do: 'fail', message: 'no store' })],
  ['a function that is not there', () => open('nobody').invoke({})],
  ['a function that is not there, later', () => open('nobody').invokeLater({})],
  ['a Lambda that is away', () => openInvoker('echo', caller('http://127.0.0.1:1').client).invoke({})],
])('%s is Unavailable: worth trying again', async (_, invoke) => {
  await expect(invoke()).rejects.toBeInstanceOf(Unavailable);
});

test('a run now of a model without a schedule is 404, and one that fails 503', async () => {
  const now = (outcome: object) => {
    const runs = { invoke: async () => outcome, invokeLater: async () => {} };
    return runNow({ runs })({ model_id: modelNamed(1) }).catch(problemOf);
  };
  expect(await now({ status: 'skipped', reason: 'not scheduled' })).toMatchObject({ status: 404 });
  expect(await now({ status: 'no_data' })).toEqual({ status: 200, body: { status: 'no_data' } });
  const failing = { ...open('behave'), invoke: () => open('behave').invoke({ do: 'fail', message: 'no' }) };
  expect(await runNow({ runs: failing })({ model_id: modelNamed(1) }).catch(problemOf)).toMatchObject({
    status: 503,
  });
});
