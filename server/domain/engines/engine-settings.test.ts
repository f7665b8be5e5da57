import { describe, expect, test } from 'vitest';
import { kernelOf, placeOfOrg, trustEachOther, type EngineSettings } from './engine-settings.ts';

const engine = (name: string, url: string) => ({ name, url, tls: null, apiKey: null, image: null });
const settings: EngineSettings = {
  installation: 'i',
  engines: [
    engine('here', 'unix:///run/podman/podman.sock'),
    engine('loop', 'tcp://127.0.0.1:2375'),
    engine('far', 'https://engine.example:2376'),
    engine('far-too', 'https://engine.example:2377'),
    engine('cloud', 'e2b://e2b.app'),
  ],
  use: 'local',
  orgs: { org_b: 'far' },
  images: {},
  trust: ['org_a', 'org_b'],
};

describe('where an org runs', () => {
  test.each([
    ['org_a', 'local'],
    ['org_b', 'far'],
  ])('%s on %s', (org, place) => expect(placeOfOrg(settings, org)).toBe(place));

  test.each([
    ['local', 'local'],
    ['here', 'local'],
    ['loop', 'local'],
    ['far', 'engine.example'],
    ['far-too', 'engine.example'],
    ['gone', 'local'],
    ['cloud', null],
  ])('%s stands on the kernel %s', (place, kernel) => expect(kernelOf(settings, place)).toBe(kernel));
});

test.each([
  ['org_a', 'org_a', [], true],
  ['org_a', 'org_b', [], false],
  ['org_a', 'org_b', ['org_a'], false],
  ['org_a', 'org_b', ['org_b', 'org_a'], true],
  ['org_a', 'org_b', 'all' as const, true],
])('%s and %s with the mark %j: %s', (one, other, trust, verdict) =>
  expect(trustEachOther({ trust: trust as EngineSettings['trust'] }, one, other)).toBe(verdict),
);
