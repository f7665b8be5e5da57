import { expect, test } from 'vitest';
import { isPublicAddress } from './addresses.ts';
import { isBlocked } from './blocked.ts';

test.each(['1.1.1.1', '93.184.216.34', '2606:4700::1111', '2a00:1450:4001:810::200e'])('%s is public', (address) =>
  expect([isPublicAddress(address), isBlocked(address)]).toEqual([true, false]),
);

test.each([
  '127.0.0.1',
  '127.8.9.1',
  '0.0.0.0',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '169.254.169.254',
  '192.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:0:7f00:1::',
  '2001:db8::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'fc00::1',
  'fd00:ec2::254',
  'ff02::1',
  '4000::1',
  'example.com',
  '',
])('%j is not', (address) => {
  expect(isPublicAddress(address)).toBe(false);
  // A public address in mapped form is for the first look alone to refuse.
  if (address !== '::ffff:8.8.8.8') expect(isBlocked(address)).toBe(true);
});
