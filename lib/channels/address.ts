import { lookup as lookUp } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import * as ipaddr from 'ipaddr.js';
import { Undelivered } from './channel';

/** Which addresses besides public ones may be called: host names, addresses and networks, as in WEBHOOK_ALLOW. */
export type Allowed = readonly string[];

const inNetwork = (address: ipaddr.IPv4 | ipaddr.IPv6, entry: string): boolean => {
  if (!ipaddr.isValid(entry.split('/')[0] as string)) return false;
  const [network, bits] = entry.includes('/')
    ? ipaddr.parseCIDR(entry)
    : [ipaddr.parse(entry), isIP(entry) === 4 ? 32 : 128];
  return network.kind() === address.kind() && address.match(network, bits);
};

/** Public, or allowed. An IPv4 address in the clothes of IPv6 is what it is within. */
export const mayCall = (text: string, allowed: Allowed): boolean => {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return address.range() === 'unicast' || allowed.some((entry) => inNetwork(address, entry));
};

const refused = () => new Undelivered('its address is not public: WEBHOOK_ALLOW may allow it');

/** @throws Undelivered for a URL whose host is such an address: no lookup is asked then */
export const requirePublic = ({ hostname }: URL, allowed: Allowed): void => {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) && !mayCall(host, allowed)) throw refused();
};

/** The lookup that the connection itself uses, so that no second answer of the DNS can be another one. */
export const publicLookup =
  (allowed: Allowed): LookupFunction =>
  (hostname, options, callback) => {
    lookUp(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const good = addresses.filter(({ address }) => allowed.includes(hostname) || mayCall(address, allowed));
      const [first] = good;
      if (!first) return callback(refused() as NodeJS.ErrnoException, '');
      if (options.all) return callback(null, good);
      callback(null, first.address, first.family);
    });
  };
