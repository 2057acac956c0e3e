import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeSockets } from '../../localstack/gateway/sockets';

test('a start removes the sockets of a gateway that was killed, and no others', () => {
  const { pid: dead } = spawnSync(process.execPath, ['--version']);
  const folderOf = (pid: number) => mkdtempSync(join(tmpdir(), `cyclic-metrics-gateway-${pid}-`));
  const [left, used] = [folderOf(dead), folderOf(process.ppid)];
  const folder = dirname(makeSockets().http);
  expect([left, used, folder].map((path) => existsSync(path))).toEqual([false, true, true]);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const path of [used, folder]) rmSync(path, { recursive: true });
});
