import { BlockList, isIP } from 'node:net';

const ipv4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  '224.0.0.0/3',
];

/**
 * All but 2000::/3, which alone has been given out; of that, ranges that carry another address or are nobody's. Not ::/8 as a
 * whole: a block list takes an IPv4 address for the IPv6 address that it is mapped to.
 */
const ipv6 = [
  ...['::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/8', '200::/7', '400::/6', '800::/5', '1000::/4'],
  ...['4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
];

/**
 * Addresses that no tenant's connection may go to: this machine's, private, link-local and reserved ones. Node holds a
 * connection against it at the moment it is made.
 */
export const blocked = new BlockList();
for (const range of ipv4) {
  const [net, bits] = split(range);
  blocked.addSubnet(net, bits, 'ipv4');
  blocked.addSubnet(`::ffff:${net}`, 96 + bits, 'ipv6');
}
for (const range of ipv6) blocked.addSubnet(...split(range), 'ipv6');

function split(range: string): [string, number] {
  const [net = '', bits = ''] = range.split('/');
  return [net, Number(bits)];
}

export function isBlocked(address: string): boolean {
  const family = isIP(address);
  return family === 0 || blocked.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
