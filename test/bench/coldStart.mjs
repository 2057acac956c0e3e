// Init of every packaged function under AWS's runtime client: from the start of the process until it asks for work, the
// median of some starts. `empty` is a function that does nothing.
//   serverless package --stage prod --package <folder>
//   LAMBDA_RUNTIME_TOOL=... node test/bench/coldStart.mjs <folder>
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [folder, starts = '5'] = process.argv.slice(2);
const unpacked = mkdtempSync(join(tmpdir(), 'cold-start-'));

const coldStart = (taskRoot, handler) =>
  new Promise((resolve) => {
    const start = performance.now();
    const api = createServer((request) => {
      if (!request.url.endsWith('/next')) return;
      resolve(performance.now() - start);
      child.kill('SIGKILL');
      api.closeAllConnections();
      api.close();
    });
    let child;
    api.listen(0, '127.0.0.1', () => {
      const where = [
        '--api',
        `127.0.0.1:${api.address().port}`,
        '--task-root',
        taskRoot,
        '--handler',
        handler,
      ];
      const env = ['--env', 'AWS_REGION=eu-west-1', '--env', 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512'];
      child = spawn(process.env.LAMBDA_RUNTIME_TOOL, ['run', ...where, ...env], { stdio: 'ignore' });
    });
  });

const median = async (taskRoot, handler) => {
  const all = [];
  for (let n = 0; n < Number(starts); n++) all.push(await coldStart(taskRoot, handler));
  return Math.round(all.sort((a, b) => a - b)[all.length >> 1]);
};

const empty = join(unpacked, 'empty');
mkdirSync(empty);
writeFileSync(join(empty, 'empty.js'), 'exports.handler = async () => {};');
const rows = { empty: { 'zip kB': 0, 'init ms': await median(empty, 'empty.handler') } };
for (const file of readdirSync(folder).filter((name) => name.endsWith('.zip'))) {
  const name = file.slice(0, -4);
  execFileSync('unzip', ['-q', join(folder, file), '-d', join(unpacked, name)]);
  rows[name] = {
    'zip kB': Math.round(statSync(join(folder, file)).size / 1000),
    'init ms': await median(join(unpacked, name), `functions/${name}.handler`),
  };
}
rmSync(unpacked, { recursive: true });
console.table(rows);
