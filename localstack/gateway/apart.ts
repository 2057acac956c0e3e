import { once } from 'node:events';
import { MessageChannel, type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

type Handler = (event: APIGatewayProxyEventV2) => Promise<unknown>;

interface Question {
  event: APIGatewayProxyEventV2;
  port: MessagePort;
}

/** Of a body in an event: 256 KiB, which are a third more as base64. */
const longBody = 340 * 1024;

/** A thread that nobody has asked for so long ends. */
const idleMs = 10_000;

const handlerIn = (file: string): Handler => require(file).handler;

/** What API Gateway answers where a function fails. */
const failed = {
  statusCode: 500,
  headers: { 'content-type': 'application/json' },
  body: '{"message":"Internal Server Error"}',
};

// The thread.
parentPort?.on('message', async ({ event, port }: Question) =>
  port.postMessage(await handlerIn(workerData)(event)),
);

/**
 * The handler of a file, for serverless-offline, which runs all functions in one thread: an event with a long body goes to
 * another thread, so that nobody waits while it is parsed. What it takes too much memory for ends that thread alone.
 */
export const apart = (file: string): { handler: Handler } => {
  let thread: Worker | undefined;
  let asked = 0;
  let idle: NodeJS.Timeout | undefined;

  const start = (): Worker => {
    const started = new Worker(__filename, {
      workerData: file,
      execArgv: [], // endWithParent.js, preloaded here too, would end the thread: it has no standard input
      resourceLimits: { maxOldGenerationSizeMb: 192 },
    });
    const forget = () => {
      if (thread === started) thread = undefined;
    };
    started.on('error', forget).on('exit', forget).unref(); // whoever waits for it is told
    return started;
  };

  const end = () => {
    thread?.terminate();
    thread = undefined;
  };

  const ask = async (event: APIGatewayProxyEventV2): Promise<unknown> => {
    clearTimeout(idle);
    asked++;
    thread ??= start();
    const { port1, port2 } = new MessageChannel();
    const answered = new AbortController();
    const ended = once(thread, 'exit', { signal: answered.signal }).then(() => {
      throw new Error('its thread has ended');
    });
    ended.catch(() => {});
    thread.postMessage({ event, port: port2 } satisfies Question, [port2]);
    try {
      const [answer] = await Promise.race([once(port1, 'message'), ended]);
      return answer;
    } finally {
      answered.abort();
      port1.close();
      if (--asked === 0) idle = setTimeout(end, idleMs).unref();
    }
  };

  return {
    handler: (event) =>
      (event.body?.length ?? 0) > longBody
        ? ask(event).catch((error) => {
            console.error(`${file}: ${error.message}`);
            return failed;
          })
        : handlerIn(file)(event),
  };
};
