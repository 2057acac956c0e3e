import { networkInterfaces } from 'node:os';
import { env, type Token } from '../../lib/runtime/env';

const { originsOf }: { originsOf: (text?: string) => string[] } = require('../../.deploy/cors.js');

export interface Settings {
  host: string;
  port: number;
  /** Values of the header Host, in lower case. */
  hosts: ReadonlySet<string>;
  /** Origins of other sites whose pages may call. */
  corsOrigins: ReadonlySet<string>;
  tokens: Token[];
  /** Requests a second that one caller may send; 0: as many as it likes. */
  rateLimit: number;
}

const loopback = ['127.0.0.1', 'localhost', '[::1]'];

const inUrl = (host: string) => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);

/** All addresses of this machine, where HOST stands for them. No name: whoever owns a name can let it point here. */
const namesOf = (host: string): string[] => {
  if (host !== '0.0.0.0' && host !== '::') return [inUrl(host)];
  return Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => inUrl(address)) ?? []);
};

const list = (text = ''): string[] => text.split(',').flatMap((item) => item.trim().toLowerCase() || []);

const hasPort = (host: string) => /:\d+$/.test(host);

const hostsOf = (host: string, port: number, allowed: string[]): string[] => [
  ...[...loopback, ...namesOf(host)].flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]),
  // A name alone is what browsers send for the standard ports, as of a proxy in front of us.
  ...allowed.flatMap((name) => (hasPort(name) ? [name] : [name, `${name}:${port}`])),
];

/** @throws Error that names the variable and says what is wrong with it */
export const readSettings = (variables: NodeJS.ProcessEnv): Settings => {
  const { HOST: host = '127.0.0.1', PORT = '5000', ALLOWED_HOSTS, CORS_ORIGINS, RATE_LIMIT } = variables;
  const port = Number(PORT);
  const rateLimit = Number(RATE_LIMIT || 0);
  if (!(rateLimit >= 0)) throw new Error('RATE_LIMIT must be a number of requests a second');
  return {
    host,
    port,
    hosts: new Set(hostsOf(host.toLowerCase(), port, list(ALLOWED_HOSTS))),
    corsOrigins: new Set(originsOf(CORS_ORIGINS)),
    tokens: env('API_TOKENS'),
    rateLimit,
  };
};
