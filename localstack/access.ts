import { timingSafeEqual } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Whether the caller may use a local service. */
export type Admit = (request: IncomingMessage) => boolean | Promise<boolean>;

export interface Access {
  /** Names in a Host header that mean this service, besides those of the loopback interface; the port may differ. */
  hosts?: string[];
  /** Default: whoever reaches the port, as with LocalStack. */
  admit?: Admit;
}

/** In constant time. */
export const isSecret = (given: string | undefined, secret: string): boolean => {
  const [one, other] = [Buffer.from(given ?? ''), Buffer.from(secret)];
  return one.length === other.length && timingSafeEqual(one, other);
};

const credential = /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\//;

/** Callers that sign as the SDKs do, with this access key id. The id itself is the secret: signatures are not verified. */
export const signedWith =
  (accessKeyId: string): Admit =>
  ({ headers }) =>
    isSecret(credential.exec(headers.authorization ?? '')?.[1], accessKeyId);

const addressesOf = async (name: string): Promise<string[]> => {
  const found = await lookup(name, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
};

/**
 * Callers at the addresses of these host names: under Docker the names of services, whose addresses no other user of the
 * machine can have. Each connection is looked up once.
 */
export const fromHosts = (...names: string[]): Admit => {
  const admitted = new WeakMap<Socket, Promise<boolean>>();
  const isOneOf = async (address: string) =>
    (await Promise.all(names.map(addressesOf))).flat().includes(address.replace(/^::ffff:/, ''));
  return ({ socket }) => {
    const answer = admitted.get(socket) ?? isOneOf(socket.remoteAddress ?? '');
    admitted.set(socket, answer);
    return answer;
  };
};

const loopback = ['127.0.0.1', 'localhost', '[::1]'];

/** Browsers send these headers, SDKs and runtimes never do. (Node's fetch has Sec-Fetch-Mode alone.) */
const isFromBrowser = ({ headers }: IncomingMessage) =>
  ['origin', 'sec-fetch-site', 'sec-fetch-dest', 'sec-fetch-user'].some((name) => name in headers);

/** A web page can give a name of its own to our address ("DNS rebinding"), and that name is what Host says then. */
const isForUs = ({ headers, socket }: IncomingMessage, hosts: string[]) =>
  [...loopback, ...hosts]
    .map((host) => (/:\d+$/.test(host) ? host : `${host}:${socket.localPort}`))
    .includes(headers.host ?? '');

const forbid = (request: IncomingMessage, response: ServerResponse) => {
  request.resume();
  const body = '{"message":"Forbidden"}';
  response.writeHead(403, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  response.end(body);
};

/** Answers 403 to whom the service is not for, and does not say why. */
export const guarded =
  ({ hosts = [], admit = () => true }: Access, listener: RequestListener): RequestListener =>
  (request, response) => {
    if (isFromBrowser(request) || !isForUs(request, hosts)) return forbid(request, response);
    const admitted = admit(request);
    if (admitted === true) return listener(request, response);
    if (admitted === false) return forbid(request, response);
    admitted.then(
      (yes) => (yes ? listener : forbid)(request, response as never),
      () => forbid(request, response),
    );
  };
