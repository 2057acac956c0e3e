import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** A server program that we started. */
export interface Child {
  /** Resolves when the process has ended, however it did. */
  ended: Promise<void>;
  running: () => boolean;
  /** The last lines it wrote, for an error message. */
  lastWords: () => string;
  stop: (signal?: NodeJS.Signals) => Promise<void>;
}

interface Options extends SpawnOptions {
  logFile: string;
  /** All of its standard input; without it, an input that stays open as long as we live. */
  stdin?: string;
}

const keep = (child: ChildProcess, logFile: string) => {
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      log.write(chunk);
      tail = (tail + chunk).slice(-2000);
    });
  }
  child.once('error', (error) => {
    tail += error.message;
  });
  child.once('close', () => log.end());
  return () => tail.trim().split('\n').slice(-4).join('\n');
};

/** Starts a program in a process group of its own, so that Ctrl-C reaches only us and we stop things in order. */
export const startChild = (program: string, args: string[], options: Options): Child => {
  const { logFile, stdin, ...rest } = options;
  const child = spawn(program, args, { ...rest, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {});
  if (stdin !== undefined) child.stdin.end(stdin);
  const lastWords = keep(child, logFile);
  const running = () => child.exitCode === null && child.signalCode === null && child.pid !== undefined;
  const end = () => child.kill(); // who stops us while it starts does not know of it yet
  process.once('exit', end);
  const ended = Promise.race([once(child, 'exit'), once(child, 'error')]).then(
    () => {},
    () => {},
  );
  ended.then(() => process.off('exit', end));
  return {
    ended,
    running,
    lastWords,
    stop: async (signal = 'SIGTERM') => {
      if (!running()) return;
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), 8000);
      await ended;
      clearTimeout(timer);
    },
  };
};

/** Waits until `ready` succeeds; fails with the program's last words if it ends before. */
export const whenReady = async (
  child: Child,
  what: string,
  ready: () => Promise<unknown>,
  timeoutMs = 30_000,
) => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (
      await ready().then(
        () => true,
        () => false,
      )
    )
      return;
    if (!child.running()) throw new Error(`${what} did not start: ${child.lastWords()}`);
    if (Date.now() > deadline) {
      await child.stop();
      throw new Error(`${what} was not ready after ${timeoutMs / 1000} s: ${child.lastWords()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
