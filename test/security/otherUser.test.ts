import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startService } from '../localstack/start/service';

const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups'];

/** What keeps us from trying; undefined where nothing does. */
const obstacle = (() => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root can try as another user';
  const asNobody = spawnSync('setpriv', [...nobody, process.execPath, '--version']);
  if (asNobody.status !== 0) return 'setpriv cannot run node as another user';
  return spawnSync('ss', ['-ltn']).status === 0 ? undefined : 'ss is not installed';
})();

/** What the program prints that another user runs. */
const asNobody = (program: string, ...args: string[]): string =>
  execFileSync('setpriv', [...nobody, process.execPath, '--eval', program, ...args], {
    encoding: 'utf8',
    cwd: '/',
    env: {},
  });

/** The ports of a process and of all that it started. */
const portsOf = (pid: number): number[] => {
  const children = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const family = new Set([pid]);
  for (let size = 0; size < family.size; ) {
    size = family.size;
    for (const [child, parent] of children) if (family.has(parent)) family.add(child);
  }
  const lines = execFileSync('ss', ['-ltnpH'], { encoding: 'utf8' }).trim().split('\n');
  return lines
    .filter((line) => Array.from(line.matchAll(/pid=(\d+)/g)).some(([, owner]) => family.has(Number(owner))))
    .map((line) => Number(/:(\d+)\s/.exec(line)?.[1]));
};

/** Prints, for each port and each thing to say there, what is answered: the first line in JSON, and more of Redis. */
const knock = `
const { connect } = require('node:net');
const http = (method, path, headers = {}, body = '') =>
  [method + ' ' + path + ' HTTP/1.1', 'host: 127.0.0.1:PORT', 'connection: close', 'content-length: ' + body.length,
    ...Object.entries(headers).map(([name, value]) => name + ': ' + value), '', body].join('\\r\\n');
const json = { 'content-type': 'application/json' };
const functions = '/2015-03-31/functions/';
const said = [
  http('GET', '/schedule'),
  http('GET', '/results/550e8400-e29b-41d4-a716-446655440000'),
  http('POST', '/schedule', json, '{"model_id":"550e8400-e29b-41d4-a716-446655440000","cron_expression":"* * * * *"}'),
  http('GET', '/schedules'),
  http('GET', '/schedule-groups'),
  http('DELETE', '/schedule-groups/cyclic-metrics-local'),
  http('POST', functions + 'computeAccuracy/invocations', json, '{}'),
  http('POST', functions + 'cyclic-metrics-local-health/invocations', json, '{}'),
  http('GET', '/2018-06-01/runtime/invocation/next'),
  http('POST', '/2018-06-01/runtime/init/error', json, '{}'),
  'PING\\r\\nKEYS *\\r\\n',
  'AUTH redis\\r\\nKEYS *\\r\\n',
];
const ask = (port, text) =>
  new Promise((done) => {
    let answer = '';
    const end = () => { socket.destroy(); done(answer.split('\\r\\n')[0].slice(0, 80)); };
    const socket = connect(port, '127.0.0.1', () => socket.write(text.replace('PORT', port)));
    socket.on('data', (chunk) => { answer += chunk; }).on('close', end).on('error', end).setTimeout(1500, end);
  });
Promise.all(process.argv.slice(1).flatMap((port) => said.map(async (text) =>
  [port, text.split('\\r\\n')[0], await ask(Number(port), text)]))).then((all) => console.log(JSON.stringify(all)));
`;

const refused = /^(HTTP\/1\.1 (400|401|403|404|405|415|421) .*|-(NOAUTH|WRONGPASS|ERR|DENIED).*|)$/;

const another = obstacle ? describe.skip : describe;

another(`another user of this machine${obstacle ? ` [SKIPPED: ${obstacle}]` : ''}`, () => {
  let service: Awaited<ReturnType<typeof startService>>;

  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service?.stop());

  test('gets nothing from any port', async () => {
    const ports = portsOf(service.pid);
    expect(ports).toContain(Number(new URL(service.url).port));
    const answers = JSON.parse(asNobody(knock, ...ports.map(String))) as [string, string, string][];
    expect(answers.length).toBeGreaterThan(ports.length);
    expect(answers.filter(([, , answer]) => !refused.test(answer))).toEqual([]);
  });

  test('gets no connection to PostgreSQL without the password', () => {
    const { port } = new URL(service.databaseUrl);
    const program = `
      const { Client } = require(${JSON.stringify(require.resolve('pg'))});
      const tries = ['postgres://postgres@', 'postgres://postgres:postgres@', 'postgres://nobody@'];
      Promise.all(tries.map((who) => {
        const client = new Client({ connectionString: who + '127.0.0.1:${port}/postgres' });
        return client.connect().then(() => 'in', (error) => error.code ?? error.message);
      })).then((all) => { console.log(all.includes('in') ? 'in' : 'out'); process.exit(); });`;
    expect(execFileSync(process.execPath, ['--eval', program], { encoding: 'utf8' }).trim()).toBe('out');
  });

  test('reads no file of the data folder, and reaches no socket of serverless-offline', () => {
    const sockets = readdirSync(tmpdir()).filter((name) => name.startsWith('cyclic-metrics-gateway-'));
    expect(sockets.length).toBeGreaterThan(0);
    const read = `
      const { readdirSync, readFileSync, statSync } = require('node:fs');
      const got = process.argv.slice(1).filter((path) => {
        try { statSync(path).isDirectory() ? readdirSync(path) : readFileSync(path); return true; } catch { return false; }
      });
      console.log(JSON.stringify(got));`;
    const data = join(service.folder, 'data');
    const ours = ['', ...readdirSync(data, { recursive: true, encoding: 'utf8' })].map((name) =>
      join(data, name),
    );
    const paths = [
      ...ours,
      ...sockets.flatMap((name) => ['', 'http', 'lambda'].map((it) => join(tmpdir(), name, it))),
    ];
    expect(ours.length).toBeGreaterThan(20);
    expect(JSON.parse(asNobody(read, ...paths))).toEqual([]);
  });

  test('sees no password in an argument of a process', () => {
    const { password } = new URL(service.databaseUrl);
    const program = `console.log(require('node:child_process').execFileSync('/bin/ps', ['-eo', 'args'], { encoding: 'utf8' }))`;
    expect(asNobody(program)).not.toContain(password);
  });
});
