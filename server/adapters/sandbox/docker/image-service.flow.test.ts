import { randomUUID } from 'node:crypto';
import type { ContainerInfo } from 'dockerode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBench, type Bench } from '../contract-bench.ts';
import { labels } from './container-options.ts';
import { dockerSandbox } from './docker.ts';
import { openEngine } from './engine.ts';
import { podmanEngine } from './testing/podman-engine.ts';
import { serviceImage } from './testing/service-image.ts';

const { address, image, stop } = await podmanEngine();
const installation = randomUUID();
const port = dockerSandbox({ engine: address, image, installation });
const engine = openEngine(address);
const filters = { label: [`${labels.installation}=${installation}`, `${labels.role}=service`] };
const services = () => engine.call('list', (docker) => docker.listContainers({ all: true, filters }));
let bench: Bench;
let made: string;
beforeAll(async () => {
  made = await serviceImage(engine, image);
  bench = await openBench(port);
});
afterAll(async () => {
  await bench.close();
  await stop();
});

const start = (env: Record<string, string>, from = made) =>
  bench.sandbox.startImage!({ image: from, env, maxOutputBytes: 65_536 });
const ask = (at: number) =>
  bench.run(
    `until (exec 3<>/dev/tcp/127.0.0.1/${at}) 2>/dev/null; do sleep 0.1; done; curl -s http://127.0.0.1:${at}/`,
  );

test('an image runs on the sandbox’s loopback, with its own command, without rights, and nothing of it is published', async () => {
  const job = await start({ PORT: '7011', WORD: 'told' });
  const { text } = await ask(7011);
  expect(JSON.parse(text)).toEqual({
    uid: 1000,
    caps: Array.from({ length: 5 }, () => '0'.repeat(16)),
    fresh: true,
    writes: { '/': 'Read-only file system', '/usr': 'Read-only file system', '/data': true, '/tmp': true },
    word: 'told',
    own: 'of-the-image',
  });
  expect(Buffer.from(job.read().head).toString()).toBe('listening\n');
  const [found, ...more] = await services();
  expect(more).toEqual([]);
  expect(found!.Ports ?? []).toEqual([]);
  const { HostConfig } = await engine.call('look', (docker) => docker.getContainer(found!.Id).inspect());
  expect(HostConfig).toMatchObject({ NetworkMode: expect.stringMatching(/^container:/u), Memory: 2 ** 30 });
  expect(await job.stop()).toEqual({ exitCode: null, ended: 'stopped' });
  expect((await bench.run('exec 3<>/dev/tcp/127.0.0.1/7011')).code).not.toBe(0);
});

test('what it says as it ends is kept, on both streams', async () => {
  const job = await start({ PORT: 'none' });
  expect(await job.ended).toEqual({ exitCode: 1, ended: 'exited' });
  const { head, tail } = job.read();
  const text = Buffer.concat([head, tail]).toString();
  expect(text).toContain('listening\n');
  expect(text).toContain('invalid literal for int()');
});

test('an image that is nowhere is said to be, by its name', async () => {
  const starting = start({}, 'localhost/fleet-no-such-service:1');
  await expect(starting).rejects.toMatchObject({ code: 'sandbox_unavailable' });
  await expect(starting).rejects.toThrow(/test-podman.*localhost\/fleet-no-such-service:1/u);
});

test('it ends with its sandbox, and a crash leaves it to the reaper', async () => {
  const other = await bench.open();
  await other.startImage!({ image: made, env: { PORT: '7012' }, maxOutputBytes: 1024 });
  await other.dispose();
  expect(await services()).toEqual([]);
  const lost = await bench.open({ id: 'run_lost' });
  await lost.startImage!({ image: made, env: { PORT: '7013' }, maxOutputBytes: 1024 });
  const [{ Labels }] = (await services()) as unknown as [ContainerInfo];
  const holder = { label: [`${labels.sandbox}=${Labels[labels.sandbox]}`, `${labels.role}=holder`] };
  const [held] = await engine.call('list', (docker) => docker.listContainers({ filters: holder }));
  await engine.call('lose the holder', (docker) => docker.getContainer(held!.Id).kill());
  await port.reap();
  expect(await services()).toEqual([]);
});
