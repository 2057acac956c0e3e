import * as http from 'node:http';
import * as https from 'node:https';
import { type Allowed, publicLookup, requirePublic } from './address';
import { Undelivered } from './channel';

const atOnce = 20;

export interface Poster {
  /** @returns the status, one of 200 to 299 @throws Undelivered */
  post(body: string, headers: Record<string, string>): Promise<number>;
  close(): void;
}

/** In words that name neither host nor path, which may be secret. */
const wordsFor = (error: Error & { code?: string }): string =>
  error instanceof Undelivered ? error.message : `no answer: ${error.code ?? error.name}`;

/** POSTs to one URL. A redirect is an answer that is not followed. @param timeoutMs for all of it */
export const openPoster = (url: URL, allowed: Allowed, timeoutMs: number): Poster => {
  const { Agent, request } = url.protocol === 'http:' ? http : https;
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce, lookup: publicLookup(allowed) });
  const post = (body: string, headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      requirePublic(url, allowed);
      const signal = AbortSignal.timeout(timeoutMs);
      const sent = request(url, {
        method: 'POST',
        agent,
        signal,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      });
      sent.on('response', (response) => {
        response
          .on('error', reject)
          .on('end', () => resolve(response.statusCode ?? 0))
          .resume();
      });
      sent.on('error', (error) =>
        reject(signal.aborted ? new Undelivered(`no answer in ${timeoutMs} ms`) : error),
      );
      sent.end(body);
    });
  return {
    post: async (body, headers) => {
      const status = await post(body, headers).catch((error) => {
        throw new Undelivered(wordsFor(error));
      });
      if (status >= 300 && status < 400)
        throw new Undelivered(`answered ${status}: redirects are not followed`);
      if (status < 200 || status >= 300) throw new Undelivered(`answered ${status}`);
      return status;
    },
    close: () => agent.destroy(),
  };
};
