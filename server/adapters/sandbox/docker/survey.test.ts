import { expect, test } from 'vitest';
import type { Engine } from './engine.ts';
import { surveyEngine } from './survey.ts';

const able = { NCPU: 2, Architecture: 'x86_64', MemoryLimit: true, PidsLimit: true, CpuCfsQuota: true };
const digits = 'a'.repeat(64);

/** An engine that answers as given to the three questions a survey asks. */
const answering = (
  info: object,
  image: object = { Id: digits, Config: { Env: ['GOPATH=/go', 'HOME=/root'] } },
): Engine => {
  const docker = {
    info: async () => info,
    version: async () => ({ Version: '5.0', Arch: 'amd64', Components: [{ Name: 'Podman Engine' }] }),
    getImage: () => ({ inspect: async () => image }),
  };
  return {
    address: { name: 'host', url: 'unix:///s', tls: null },
    call: (_, act) => act(docker as never),
    attach: () => Promise.reject(new Error('not asked')),
  };
};

test.each([
  ['as root', {}, false, true],
  ['rootless, control groups delegated', { Rootless: true, CgroupVersion: '2', CgroupDriver: 'systemd' }, true, true],
  ['rootless Docker', { SecurityOptions: ['name=rootless'], CgroupVersion: '2', CgroupDriver: 'none' }, true, false],
  ['rootless on the first kind of control groups', { Rootless: true, CgroupVersion: '1' }, true, false],
])('%s: what its kernel holds is what may be relied on', async (_, more, rootless, held) => {
  const survey = await surveyEngine(answering({ ...able, ...more }), 'image');
  expect(survey).toMatchObject({ product: 'Podman 5.0', rootless });
  expect(survey.ground.held).toEqual({ processes: held, memoryBytes: held, cpus: held });
});

test('an image counts by what it holds, and its variables do not move the home', async () => {
  const { ground } = await surveyEngine(answering(able), 'image');
  expect(ground).toMatchObject({ image: `sha256:${digits}`, env: { GOPATH: '/go', HOME: '/home/agent' } });
  await expect(surveyEngine(answering(able, { Id: 'latest' }), 'image')).rejects.toThrow(/did not say which image/u);
});
