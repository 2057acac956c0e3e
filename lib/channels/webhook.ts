import { Webhook } from 'standardwebhooks';
import type { Notice } from './channel';
import type { Poster } from './post';

/** A webhook signed as Standard Webhooks has it. @param secret `whsec_...` */
export const webhook = (poster: Poster, secret: string) => {
  const signer = new Webhook(secret);
  return async ({ id, kind, at, data }: Notice): Promise<string> => {
    const payload = JSON.stringify({ type: `alert.${kind}`, timestamp: at.toISOString(), data });
    const now = new Date();
    const status = await poster.post(payload, {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': signer.sign(id, now, payload),
    });
    return `answered ${status}`;
  };
};
