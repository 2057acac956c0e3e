import { SNSClient } from '@aws-sdk/client-sns';
import * as z from 'zod';
import type { Allowed } from './address';
import type { Channel } from './channel';
import { openPoster } from './post';
import { slack } from './slack';
import { smtp } from './smtp';
import { sns } from './sns';
import { webhook } from './webhook';

const common = {
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,49}$/, 'must be 1 to 50 of a-z, 0-9, "_" and "-"'),
  min_severity: z.enum(['warning', 'critical']).default('warning'),
};

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be a URL that begins with https:// or http://' });

const channel = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: z.literal('webhook'),
    url: httpUrl,
    secret: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/=]{32,}$/, 'must be "whsec_" and at least 24 bytes in base64'),
  }),
  z.strictObject({ ...common, type: z.literal('slack'), url: httpUrl }),
  z.strictObject({ ...common, type: z.literal('sns'), topic_arn: z.string().startsWith('arn:') }),
  z.strictObject({
    ...common,
    type: z.literal('smtp'),
    url: z.url({ protocol: /^smtps?$/, error: 'must be a URL that begins with smtps:// or smtp://' }),
    from: z.string().regex(/@/, 'must be a mail address'),
    to: z.array(z.string().regex(/@/, 'must be a mail address')).min(1),
  }),
]);

type Settings = z.output<typeof channel>;

/** @throws Error that says which channel is wrong, and nothing of what it has */
export const readChannels = (json: string): Settings[] => {
  if (json.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Error('ALERT_CHANNELS: is not valid JSON');
  }
  const parsed = z.array(channel).safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`ALERT_CHANNELS: ${issue?.path.join('.')} ${issue?.message}`);
  }
  const names = parsed.data.map(({ name }) => name);
  if (new Set(names).size < names.length) throw new Error('ALERT_CHANNELS: two channels have the same name');
  return parsed.data;
};

export interface ChannelOptions {
  allowed: Allowed;
  timeoutMs: number;
}

const sender = (
  settings: Settings,
  { allowed, timeoutMs }: ChannelOptions,
): Pick<Channel, 'send' | 'close'> => {
  if (settings.type === 'smtp') return smtp(settings, timeoutMs);
  if (settings.type === 'sns') {
    const requestHandler = {
      connectionTimeout: 2000,
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
    };
    const client = new SNSClient({ maxAttempts: 1, requestHandler });
    return { send: sns(client, settings.topic_arn), close: () => client.destroy() };
  }
  const poster = openPoster(new URL(settings.url), allowed, timeoutMs);
  const send = settings.type === 'slack' ? slack(poster) : webhook(poster, settings.secret);
  return { send, close: poster.close };
};

/** The channels that ALERT_CHANNELS has. */
export const openChannels = (json: string, options: ChannelOptions): Channel[] =>
  readChannels(json).map((settings) => ({
    name: settings.name,
    min_severity: settings.min_severity,
    ...sender(settings, options),
  }));
