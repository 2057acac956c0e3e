import { execFile, execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client, type QueryResultRow } from 'pg';
import { freePort } from '../../../localstack/ports';

const execute = promisify(execFile);

/** Whether `docker compose` has an engine to work with. */
export const hasEngine = (): boolean => {
  try {
    execFileSync('docker', ['compose', 'version'], { stdio: 'ignore' });
    execFileSync('docker', ['info'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Polls until the answer is neither undefined nor false. */
export const until = async <T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  timeoutMs = 90_000,
) => {
  const deadline = Date.now() + timeoutMs;
  for (let last: unknown; ; await sleep(200)) {
    const answer = await ask().catch((error: Error) => {
      last = error;
      return undefined;
    });
    if (answer !== undefined && answer !== false) return answer as T;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`, { cause: last });
  }
};

export interface LogLine {
  container: string;
  [field: string]: unknown;
}

/** The system of docker-compose.yml under a project name and ports of its own. */
export const openStack = async () => {
  const [port, postgresPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const ports = { PORT: String(port), POSTGRES_PORT: String(postgresPort) };
  const env = { ...process.env, ...ports, POSTGRES_PASSWORD: 'postgres' };
  const files = ['docker-compose.yml', 'localstack/docker/publishPostgres.yml'].flatMap((it) => [
    '--file',
    it,
  ]);
  const project = [...files, '--project-name', `cyclic-metrics-test-${process.pid}`];

  const compose = async (...args: string[]) => {
    const options = { env, maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = await execute('docker', ['compose', ...project, ...args], options);
    return stdout.trim();
  };

  const docker = async (...args: string[]) => (await execute('docker', args)).stdout.trim();

  /** The containers of a service. */
  const containers = async (service: string) => (await compose('ps', '--quiet', service)).split('\n');

  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined };
  };

  /** A connection of its own: PostgreSQL restarts in between. */
  const connect = async () => {
    const client = new Client({
      connectionString: `postgres://postgres:postgres@127.0.0.1:${postgresPort}/postgres`,
    });
    client.on('error', () => {});
    await client.connect();
    return client;
  };

  const sql = async <Row extends QueryResultRow>(text: string, values: unknown[] = []) => {
    const client = await connect();
    const { rows } = await client.query<Row>(text, values).finally(() => client.end());
    return rows;
  };

  /** The JSON lines that a service logged. */
  const logged = async (service: string): Promise<LogLine[]> =>
    (await compose('logs', '--no-color', service)).split('\n').flatMap((line) => {
      const [, container = '', json] = /^(\S+)\s+\| (\{.*\})$/.exec(line) ?? [];
      return json ? [{ container, ...JSON.parse(json) }] : [];
    });

  /** What kill -9 does to all processes of a container, as far as its restart policy is concerned. */
  const crash = (container: string) => docker('exec', container, 'sh', '-c', 'kill -9 -1').catch(() => {});

  return { url, compose, docker, containers, call, connect, sql, logged, crash };
};

export type Stack = Awaited<ReturnType<typeof openStack>>;
