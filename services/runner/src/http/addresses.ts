/**
 * Which addresses count as public. Whoever writes a repository's configuration chooses where the
 * service sends requests, so everything that could be a neighbour of the service is refused.
 * Source: https://www.iana.org/assignments/iana-ipv4-special-registry and
 * https://www.iana.org/assignments/iana-ipv6-special-registry
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net';

const refused = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // The host agent of Azure's machines, at a public address.
  ['168.63.129.16', 32],
] as const) {
  refused.addSubnet(network, prefix, 'ipv4');
}

// Of IPv6, only global unicast is public; these parts of it are not, or hide an IPv4 address.
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  refused.addSubnet(network, prefix, 'ipv6');
}

const translated = new BlockList();
translated.addSubnet('64:ff9b::', 96, 'ipv6');

/** False for anything that is not an address of the public internet. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !refused.check(address, 'ipv4');
  if (!isIPv6(address)) return false;
  if (translated.check(address, 'ipv6')) return isPublicAddress(lastFourBytes(address));
  return global6.check(address, 'ipv6') && !refused.check(address, 'ipv6');
}

/** The IPv4 address at the end of a translated one, as `1.2.3.4`; empty when it has none. */
function lastFourBytes(address: string): string {
  const normal = URL.parse(`http://[${address.split('%')[0]}]/`)?.hostname.slice(1, -1) ?? '';
  // Written in full, the last two groups hold the four bytes; `::` may stand for zero groups.
  const groups = normal.replace('::', ':0:0:').split(':').slice(-2);
  const [high = Number.NaN, low = Number.NaN] = groups.map((group) => Number.parseInt(group, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
