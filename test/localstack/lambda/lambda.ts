import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type InvocationType, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { buildSync } from 'esbuild';
import { fromHosts } from '../../../localstack/access';
import type { EventInvokeConfig } from '../../../localstack/lambda/asyncQueue';
import type { EnvironmentsOptions } from '../../../localstack/lambda/environments';
import type { LambdaEvent } from '../../../localstack/lambda/event';
import { type LambdaServiceOptions, startLambdaService } from '../../../localstack/lambda/service';

/** The lambda-runtime tool: AWS's own runtime client as in the Lambda image. */
export const runtimeTool = process.env.LAMBDA_RUNTIME_TOOL;
const functionsFolder = join(__dirname, 'functions');
export const folder = mkdtempSync(join(tmpdir(), 'lambda-test-'));

export const bundle = (entry: string): string => {
  const outfile = join(folder, entry.replace(/^.*\/|\.ts$/g, '').concat('.js'));
  const target = { platform: 'node', target: 'node20', format: 'cjs', logLevel: 'error' } as const;
  buildSync({ entryPoints: [join(__dirname, entry)], outfile, bundle: true, ...target });
  return outfile;
};

export const runtimeClient = bundle('../../../localstack/lambda/runtimeClient.ts');

/** Ours are started by the service, on demand; AWS's by somebody else, who starts them again when they end. */
export type Runtime = 'ours' | 'aws';

type TestFunction = Partial<EnvironmentsOptions> & {
  handler: string;
  timeoutMs?: number;
  async?: EventInvokeConfig;
};

const ended: (() => Promise<unknown>)[] = [];

/** Ends everything that startLambda started in this file. */
export const stopAll = async (): Promise<void> => {
  for (const end of ended.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
};

const keepRunning = (api: string, { handler, taskRoot = functionsFolder, env = {} }: TestFunction) => {
  let stopping = false;
  let child: ChildProcess;
  const settings = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const start = () => {
    const args = ['run', '--api', api, '--task-root', taskRoot, '--handler', handler, ...settings];
    child = spawn(runtimeTool as string, args, { stdio: 'ignore' });
    child.once('exit', () => !stopping && setTimeout(start, 50));
  };
  start();
  ended.push(async () => {
    stopping = true;
    child.kill('SIGKILL');
  });
};

export const startLambda = async (
  functions: Record<string, TestFunction>,
  { runtime = 'ours' as Runtime, ...options }: Partial<LambdaServiceOptions> & { runtime?: Runtime } = {},
) => {
  const events: LambdaEvent[] = [];
  const service = await startLambdaService({
    ...options,
    closeGraceMs: 0,
    // AWS's runtime client takes no secret: it is known by where it comes from.
    ...(runtime === 'aws' && { runtimeAccess: { admit: fromHosts('localhost') } }),
    onEvent: (event) => events.push(event),
    functions: Object.fromEntries(
      Object.entries(functions).map(([name, { timeoutMs = 25_000, async = {}, ...given }]) => [
        name,
        {
          timeoutMs,
          async,
          ...(runtime === 'ours'
            ? { environments: { taskRoot: functionsFolder, ...given, runtimeClient } }
            : {}),
        },
      ]),
    ),
  });
  ended.push(service.close);
  if (runtime === 'aws') {
    for (const [name, given] of Object.entries(functions)) {
      for (let n = 0; n < (given.max ?? 2); n++) keepRunning(service.runtimeApi[name] as string, given);
    }
  }
  return { ...service, events, ...caller(service.url) };
};

/** An SDK client without retries. */
export const caller = (endpoint: string) => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new LambdaClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  ended.push(async () => client.destroy());

  const invoke = async (FunctionName: string, event?: unknown, type?: InvocationType) => {
    const Payload = typeof event === 'string' ? event : JSON.stringify(event);
    const answer = await client.send(
      new InvokeCommand({
        FunctionName,
        ...(event === undefined ? {} : { Payload }),
        ...(type ? { InvocationType: type } : {}),
      }),
    );
    const text = Buffer.from(answer.Payload ?? []).toString();
    return {
      status: answer.StatusCode,
      version: answer.ExecutedVersion,
      error: answer.FunctionError,
      requestId: answer.$metadata.requestId,
      payload: text ? JSON.parse(text) : undefined,
    };
  };
  return { client, invoke };
};

let files = 0;
export const newFile = (): string => join(folder, `file${files++}`);

export const lines = (file: string): string[] => {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
};

/** Waits for something that will come; only jest's limit ends it. */
export const until = async <T>(look: () => T | undefined | false | null): Promise<T> => {
  for (;;) {
    const found = look();
    if (found) return found;
    await sleep(5);
  }
};

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Waits until as many invocations wait or run, or environments are idle, as it says. */
export const untilState = async (
  url: string,
  name: string,
  wanted: Record<string, number>,
): Promise<void> => {
  for (;;) {
    const functions = (await (await fetch(`${url}/health`)).json()) as Record<string, Record<string, number>>;
    if (Object.entries(wanted).every(([key, value]) => functions[name]?.[key] === value)) return;
    await sleep(5);
  }
};
