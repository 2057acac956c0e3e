import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { InvocationRecord } from '../../../localstack/lambda/asyncQueue';
import {
  folder,
  isAlive,
  lines,
  newFile,
  type Runtime,
  runtimeTool,
  startLambda,
  stopAll,
  until,
} from './lambda';

type Lambda = Awaited<ReturnType<typeof startLambda>>;

const handlers = {
  behave: { handler: 'behave.handler' },
  brief: { handler: 'behave.handler', timeoutMs: 300, max: 1 },
  echo: { handler: 'echo.handler', env: { MODEL: 'a b' }, max: 1 },
  esModule: { handler: 'module.handler', max: 1 },
  missingModule: { handler: 'missingModule.handler', max: 1 },
  syntaxError: { handler: 'syntaxError.handler', taskRoot: folder, max: 1 },
  noExport: { handler: 'behave.nothingOfThatName', max: 1 },
  notAFunction: { handler: 'behave.notAFunction', max: 1 },
  callback: { handler: 'behave.callback', max: 1 },
  throwAtLoad: { handler: 'throwAtLoad.handler', max: 1 },
};

const facts = (runtime: Runtime) => {
  let lambda: Lambda;
  beforeAll(async () => {
    writeFileSync(join(folder, 'syntaxError.cjs'), 'exports.handler = async () => {');
    lambda = await startLambda(handlers, { runtime });
  });

  // Who started the process knows how it ended.
  const exitMessage = (known: string) =>
    runtime === 'ours' ? known : 'Runtime exited without providing a reason';

  test('an answer comes back with status 200, version and request id', async () => {
    const { requestId, ...answer } = await lambda.invoke('behave', {
      do: 'answer',
      value: { accuracy: 0.5 },
    });
    expect(answer).toEqual({ status: 200, version: '$LATEST', error: undefined, payload: { accuracy: 0.5 } });
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('a function that returns nothing answers null, one without payload gets {}', async () => {
    expect((await lambda.invoke('behave', { do: 'nothing' })).payload).toBeNull();
    expect((await lambda.invoke('echo')).payload.event).toEqual({});
  });

  test('the context tells request, function, version and the time that is left', async () => {
    const { payload, requestId } = await lambda.invoke('echo', 1);
    expect(payload.context).toMatchObject({
      awsRequestId: requestId,
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:echo',
      functionName: 'echo',
      functionVersion: '$LATEST',
      memoryLimitInMB: '512',
    });
    expect(payload.remainingMs).toBeGreaterThan(0);
    expect(payload.remainingMs).toBeLessThanOrEqual(25_000);
    expect(payload.env.MODEL).toBe('a b');
    expect(payload.env._X_AMZN_TRACE_ID).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};/);
  });

  test('a payload in any script arrives and returns unchanged', async () => {
    const text = 'Größe 精度 🎯 \u0000 \u2028 "\\';
    expect((await lambda.invoke('echo', { text })).payload.event).toEqual({ text });
  });

  test('5 MB go there and back', async () => {
    const text = 'x'.repeat(5 * 1024 * 1024);
    expect((await lambda.invoke('behave', { do: 'length', text })).payload).toBe(text.length);
    expect((await lambda.invoke('behave', { do: 'big', bytes: text.length })).payload).toHaveLength(
      text.length,
    );
  });

  test('an answer above 6 MB is a failure of the function, which stays usable', async () => {
    const { error, payload } = await lambda.invoke('behave', { do: 'big', bytes: 7_000_000 });
    expect([error, payload.errorType]).toEqual(['Unhandled', 'Function.ResponseSizeTooLarge']);
    expect((await lambda.invoke('behave', { do: 'answer', value: 1 })).payload).toBe(1);
  });

  test('an ES module is loaded', async () => {
    expect((await lambda.invoke('esModule', {})).payload).toBe('from a module');
  });

  test('a thrown error is told with its own type, message and trace', async () => {
    const { status, error, version, payload } = await lambda.invoke('behave', {
      do: 'fail',
      message: 'größer',
    });
    expect([status, error, version]).toEqual([200, 'Unhandled', '$LATEST']);
    expect(payload).toMatchObject({ errorType: 'NoSuchModel', errorMessage: 'größer' });
    expect(payload.trace[0]).toBe('NoSuchModel: größer');
  });

  test('a thrown text and a result that is no JSON are told too', async () => {
    const text = await lambda.invoke('behave', { do: 'failWithText' });
    expect(text.payload).toMatchObject({ errorType: 'string', errorMessage: 'just text' });
    const circle = await lambda.invoke('behave', { do: 'circle' });
    expect(circle.payload).toMatchObject({ errorType: 'Runtime.JSONStringifyError' });
  });

  test.each([
    ['exits with 3', { do: 'exit', code: 3 }, 'Runtime exited with error: exit status 3'],
    ['exits with 0', { do: 'exit', code: 0 }, 'Runtime exited without providing a reason'],
    ['is killed with SIGKILL', { do: 'die' }, 'Runtime exited with error: signal: killed'],
    ['rejects where nobody waits', { do: 'rejectUnseen' }, 'Runtime exited with error: exit status 1'],
    ['has nothing left to wait for', { do: 'never' }, 'Runtime exited without providing a reason'],
  ])(
    'a function that %s in the middle has failed, and the next invoke is answered',
    async (_, event, message) => {
      const { error, payload, requestId } = await lambda.invoke('behave', event);
      expect(error).toBe('Unhandled');
      expect(payload).toEqual({
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${requestId} Error: ${exitMessage(message)}`,
      });
      expect((await lambda.invoke('behave', { do: 'answer', value: 1 })).payload).toBe(1);
    },
  );

  test('a function that takes too long has failed, and its late answer goes to nobody', async () => {
    const file = newFile();
    const { error, payload, requestId } = await lambda.invoke('brief', { do: 'until', file });
    expect(error).toBe('Unhandled');
    expect(payload).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after 0.30 seconds`,
    });
    writeFileSync(file, '');
    expect((await lambda.invoke('brief', { do: 'answer', value: 'next' })).payload).toBe('next');
  });

  test.each([
    ['missingModule', 'Runtime.ImportModuleError', /there-is-no-such-module/],
    ['syntaxError', 'Runtime.UserCodeSyntaxError', /SyntaxError/],
    ['noExport', 'Runtime.HandlerNotFound', /behave.nothingOfThatName is undefined or not exported/],
    ['notAFunction', 'Runtime.HandlerNotFound', /behave.notAFunction is not a function/],
    ['callback', 'Runtime.CallbackHandlerDeprecated', /./],
    ['throwAtLoad', 'TypeError', /no database/],
  ])('a function that cannot be loaded (%s) fails with %s each time', async (name, errorType, message) => {
    for (const _ of [1, 2]) {
      const { status, error, payload } = await lambda.invoke(name, {});
      expect([status, error, payload.errorType]).toEqual([200, 'Unhandled', errorType]);
      expect(payload.errorMessage).toMatch(message);
    }
  });

  test('ten at once share two environments, never two at a time in one', async () => {
    const file = newFile();
    const ten = Array.from({ length: 10 }, () => lambda.invoke('behave', { do: 'until', file }));
    await until(() => new Set(lines(`${file}.begun`)).size === 2);
    writeFileSync(file, '');
    const answers = (await Promise.all(ten)).map(({ payload }) => payload);
    expect(answers.map(({ together }) => together)).toEqual(Array(10).fill(1));
    expect(new Set(answers.map(({ pid }) => pid)).size).toBe(2);
  });

  test('an environment that dies in the middle takes no other run with it', async () => {
    const [file, other] = [newFile(), newFile()];
    const doomed = lambda.invoke('behave', { do: 'until', file });
    const pid = Number(await until(() => lines(`${file}.begun`)[0]));
    const healthy = lambda.invoke('behave', { do: 'until', file: other });
    await until(() => lines(`${other}.begun`)[0]);
    process.kill(pid, 'SIGKILL');
    expect((await doomed).payload.errorType).toBe('Runtime.ExitError');
    writeFileSync(other, '');
    const { payload } = await healthy;
    expect(payload.pid).not.toBe(pid);
    expect(isAlive(payload.pid)).toBe(true);
  });

  test('an event is tried three times, then the failure destination gets it', async () => {
    const records: InvocationRecord[] = [];
    const async = { onFailure: 'arn:aws:sqs:us-east-1:000000000000:failed' };
    const lambda = await startLambda(
      { behave: { ...handlers.behave, async } },
      { runtime, async: { retryDelaysMs: [10, 20], sendRecord: async (_, it) => void records.push(it) } },
    );
    const file = newFile();
    const event = { do: 'failTimes', file, times: 99 };
    const { status, requestId, payload } = await lambda.invoke('behave', event, 'Event');
    expect([status, payload]).toEqual([202, undefined]);
    expect(await until(() => records[0])).toMatchObject({
      requestContext: { requestId, approximateInvokeCount: 3 },
      responsePayload: { errorMessage: 'attempt 3' },
    });
    expect(lines(file)).toEqual(['xxx']);
  });

  test('the client context of a synchronous invoke reaches the function ("Invoke", ClientContext)', async () => {
    const clientContext = { custom: { größe: '精度' } };
    const ClientContext = Buffer.from(JSON.stringify(clientContext)).toString('base64');
    const command = new InvokeCommand({ FunctionName: 'echo', ClientContext });
    const { Payload } = await lambda.client.send(command);
    expect(JSON.parse(Buffer.from(Payload ?? []).toString()).context.clientContext).toEqual(clientContext);
  });
};

afterAll(stopAll);

describe("our runtime client, in the service's own processes", () => facts('ours'));
if (runtimeTool) describe("AWS's own runtime client", () => facts('aws'));
else test.skip("AWS's own runtime client: not run, LAMBDA_RUNTIME_TOOL is not set", () => {});
