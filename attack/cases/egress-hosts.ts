import type { Case } from '../case.ts';
import type { EgressPlace } from '../places/egress-place.ts';
import { bad, fetches, forbidden, request, sayCase } from '../places/say.ts';

/** One way of writing a host that some reader takes for another one. */
const oddHost = (id: string, host: (place: EgressPlace) => string, why: string): Case<EgressPlace> =>
  sayCase({
    id: `host-${id}`,
    tries: `name a host by ${id.replaceAll('-', ' ')}`,
    bytes: (place) => request(`http://${host(place)}/`, host(place)),
    answer: bad,
    denial: `odd_host: ${why}`,
  });

const isAddress = 'the host is an address, not a name';

const hostCases: Case<EgressPlace>[] = [
  oddHost('ipv4-address', ({ canaries }) => `127.0.0.1:${canaries.tcp4}`, isAddress),
  oddHost('decimal-address', ({ canaries }) => `2130706433:${canaries.tcp4}`, isAddress),
  oddHost('hex-address', ({ canaries }) => `0x7f.1:${canaries.tcp4}`, isAddress),
  oddHost('ipv6-address', ({ canaries }) => `[::1]:${canaries.tcp6 ?? 1}`, isAddress),
  oddHost('mapped-address', ({ canaries }) => `[::ffff:127.0.0.1]:${canaries.tcp4}`, isAddress),
  oddHost('trailing-dot', ({ port }) => `evil.test.:${port}`, 'the host ends with a dot'),
  oddHost('user-information', ({ port }) => `allowed.test@evil.test:${port}`, 'the host carries user information'),
  oddHost('escapes', ({ port }) => `allowed.test%00.evil.test:${port}`, 'the host holds escapes'),
  sayCase({
    id: 'host-nul',
    tries: 'cut a host short by a NUL',
    bytes: ({ port }) => request(`http://allowed.test\0.evil.test:${port}/`, `allowed.test:${port}`),
    answer: bad,
    denial: 'malformed: no readable request',
  }),
];

/** A name that no rule opens, however near it is to one. */
const strange = (id: string, tries: string, host: string): Case<EgressPlace> =>
  sayCase({
    id,
    tries,
    bytes: ({ port }) => request(`http://${host}:${port}/`, `${host}:${port}`),
    answer: forbidden,
    denial: `no_rule: no rule opens ${host}`,
    ...(id.startsWith('suffix') && {
      twin: fetches('fetch from a name below a wildcard', ({ port }) => `http://a.wild.test:${port}/`),
    }),
  });

/** A name that a rule opens and that leads inward. */
const inward = (id: string, tries: string, host: string, address: string): Case<EgressPlace> =>
  sayCase({
    id,
    tries,
    bytes: ({ canaries }) => {
      const place = `${host}:${address === '::1' ? (canaries.tcp6 ?? canaries.tcp4) : canaries.tcp4}`;
      return request(`http://${place}/`, place);
    },
    answer: address === '::1' ? /HTTP\/1\.1 403 /u : forbidden,
    denial: `private_address: ${host} stands for ${address}, which is not a public address`,
  });

/** Hosts that a sandbox’s proxy may not be brought to reach, however they are named. */
export const egressHostCases: Case<EgressPlace>[] = [
  strange('unnamed-host', 'reach a host that no rule names', 'evil.test'),
  sayCase({
    id: 'unnamed-tunnel',
    tries: 'open a tunnel to a host that no rule names',
    bytes: ({ port }) => `CONNECT evil.test:${port} HTTP/1.1\r\n\r\n${request('/', 'evil.test')}`,
    answer: forbidden,
    denial: 'no_rule: no rule opens evil.test',
  }),
  strange('suffix-appended', 'append to an allowed name', 'allowed.test.evil.test'),
  strange('suffix-prepended', 'prepend to an allowed name', 'notallowed.test'),
  strange('suffix-of-wildcard', 'end like a wildcard', 'evilwild.test'),
  strange('suffix-wildcard-itself', 'name a wildcard’s own domain', 'wild.test'),
  strange('loopback-name', 'reach this machine by its name', 'localhost'),
  ...hostCases,
  inward('inward-name', 'reach a service of this machine by an allowed name', 'inner.test', '127.0.0.1'),
  inward('inward-ipv6', 'reach one on IPv6', 'inner6.test', '::1'),
  inward('inward-mapped', 'reach one by a mapped address', 'mapped.test', '::ffff:127.0.0.1'),
  inward('metadata-name', 'ask for a cloud’s credentials by an allowed name', 'metadata.test', '169.254.169.254'),
  inward('rebinding', 'have a name stand for another address than was looked at', 'rebind.test', '127.0.0.1'),
  inward('rebinding-among-others', 'hide an address among public ones', 'mixed.test', '127.0.0.1'),
];
