import { setTimeout as sleep } from 'node:timers/promises';
import { startService } from '../localstack/start/service';
import { loads, waits } from './hostile';

const as = (token: string) => ({ authorization: `Bearer ${token}` });
const timings: string[] = [];

let service: Awaited<ReturnType<typeof startService>>;

beforeAll(async () => {
  // The heap that docker-compose.yml gives the API.
  service = await startService({ NODE_OPTIONS: '--max-old-space-size=192' });
});
afterAll(async () => {
  await service?.stop();
  console.log(timings.join('\n'));
});

test.each(Object.keys(loads))(
  'one caller sends %s, and the others have their answers',
  async (name) => {
    const url = new URL(service.url);
    const stop = loads[name]?.()(url, as('writer'));
    await sleep(500);
    const all = await waits(url, as('reader'), 10);
    stop?.();
    const [median, longest] = [all[5], all[9]].map((ms) => ms?.toFixed(0).padStart(5));
    timings.push(`${name.padEnd(42)} median ${median} ms, longest ${longest} ms`);
    expect(all.filter((ms) => ms === Number.POSITIVE_INFINITY)).toEqual([]);
    expect((await fetch(new URL('/health', url))).status).toBe(200);
  },
  60_000,
);
