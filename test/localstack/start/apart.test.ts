import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const { apart } = require(resolve('.build/functions/apart/apart.js'));

const folder = mkdtempSync(join(tmpdir(), 'apart-test-'));
const file = join(folder, 'function.js');
writeFileSync(
  file,
  `const { threadId } = require('node:worker_threads');
  exports.handler = async ({ what, body }) => {
    if (what === 'throw') throw new Error('it failed');
    if (what === 'fill') for (const all = []; ; ) all.push(Array.from({ length: 1e5 }, () => ({})));
    return { threadId, length: body.length };
  };`,
);
afterAll(() => rmSync(folder, { recursive: true }));

const { handler } = apart(file);
const ask = (length: number, what?: string) => handler({ what, body: 'x'.repeat(length) });
const long = 400_000;

test('an event with a short body is answered in the thread of all functions, one with a long body in another', async () => {
  expect(await ask(1000)).toEqual({ threadId: 0, length: 1000 });
  const [one, other] = await Promise.all([ask(long), ask(long + 1)]);
  expect([one.length, other.length]).toEqual([long, long + 1]);
  expect(one.threadId).toBeGreaterThan(0);
  expect(await ask(long)).toEqual(one);
});

test.each([
  ['throws', 'throw', 'it failed'],
  ['takes all memory', 'fill', 'memory limit'],
])(
  'what %s ends that thread alone, is told as API Gateway does, and who asks next has an answer',
  async (_, what, message) => {
    const logged = jest.spyOn(console, 'error').mockImplementation(() => {});
    expect(await ask(long, what)).toMatchObject({
      statusCode: 500,
      body: '{"message":"Internal Server Error"}',
    });
    expect(logged.mock.calls.flat()).toEqual([expect.stringContaining(message)]);
    logged.mockRestore();
    expect(await ask(long)).toMatchObject({ length: long });
  },
);
