import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../localstack/ports';
import { commandOf } from '../../../localstack/servers/command';
import { startRedis } from '../../../localstack/servers/redis';

// No real process can be made to end just between the question and the signal: what `ps` says is arranged.
jest.mock('../../../localstack/servers/command', () => ({
  commandOf: jest.fn().mockReturnValueOnce('redis-server').mockReturnValue(''),
}));

test('a left Redis that ends while it is being ended does not stop the start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cyclic-metrics-leftover-'));
  const ended = spawn(process.execPath, ['--version']);
  await once(ended, 'exit');
  writeFileSync(join(folder, 'redis.pid'), String(ended.pid));
  const url = new URL(`redis://:test@127.0.0.1:${await freePort()}/0`);
  const redis = await startRedis(folder, url, join(folder, 'redis.log'));
  expect(commandOf).toHaveBeenCalledWith(ended.pid);
  expect(redis.running()).toBe(true);
  await redis.stop();
  rmSync(folder, { recursive: true });
});
