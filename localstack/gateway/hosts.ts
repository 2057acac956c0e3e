import type { IncomingMessage } from 'node:http';
import { Problem } from '../../lib/http/problem';

/**
 * Only names that are ours: a page of a name that somebody else owns, and has let point to this machine, has an origin of
 * its own in the browser's eyes, and would be "same-origin" here.
 * @throws Problem 421
 */
export const requireOurHost = ({ headers }: IncomingMessage, hosts: ReadonlySet<string>): void => {
  const host = headers.host?.toLowerCase() ?? '';
  if (hosts.has(host)) return;
  throw new Problem(421, `this service is not called ${host}: if it is, set ALLOWED_HOSTS=${host}`);
};
