import { testNotice } from '../lib/alerts/notice';
import type { Channel } from '../lib/channels/channel';
import { httpHandler } from '../lib/http/handler';
import { Problem } from '../lib/http/problem';
import type { Input, Output } from '../lib/http/route';
import { route } from '../lib/http/routes/testAlerts';
import { channels } from '../lib/runtime/clients';
import { env } from '../lib/runtime/env';

interface Deps {
  channels: readonly Channel[];
  publicUrl: string | null;
}

/** Sends a test to the channels, and answers what each said. */
export const testAlerts =
  ({ channels, publicUrl }: Deps) =>
  async ({ channel: wanted }: Input<typeof route>): Promise<Output<typeof route>> => {
    const chosen = channels.filter(({ name }) => wanted === undefined || name === wanted);
    const names = channels.map(({ name }) => name).join(', ') || 'none: set ALERT_CHANNELS';
    if (chosen.length === 0) throw new Problem(404, `there is no such channel; there are ${names}`);
    const notice = testNotice(publicUrl, new Date());
    const told = chosen.map(async ({ name: channel, send }) => {
      const began = performance.now();
      const [ok, answer] = await send(notice).then(
        (answer) => [true, answer] as const,
        (error: Error) => [false, error.name === 'Undelivered' ? error.message : 'failed'] as const,
      );
      return { channel, ok, answer, ms: Math.round(performance.now() - began) };
    });
    return { status: 200, body: { channels: await Promise.all(told) } };
  };

export const handler = httpHandler(route, async () =>
  testAlerts({ channels: await channels(), publicUrl: env('PUBLIC_URL') ?? null }),
);
