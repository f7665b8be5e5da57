import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { openBench, runIn } from '../contract-bench.ts';
import { dockerSandbox } from './docker.ts';
import type { EngineAddress } from './engine.ts';
import { podmanEngine } from './testing/podman-engine.ts';
import { testAuthority, tlsFront } from './testing/tls-front.ts';

const engine = await podmanEngine();
const authority = await testAuthority();
const front = await tlsFront(engine.address.url, authority);
const client = await authority.issue('fleet');
afterAll(async () => {
  await front.close();
  await engine.stop();
});

const installation = randomUUID();
const over = (tls: EngineAddress['tls'], url = front.url) =>
  dockerSandbox({ engine: { name: 'far', url, tls }, image: engine.image, installation });

test('over TLS with both certificates commands run and the tree comes home', async () => {
  const bench = await openBench(over({ ca: authority.pem, ...client }));
  expect((await bench.run('echo far > made; cat made')).text).toBe('far\n');
  expect((await bench.onHost('made')).toString()).toBe('far\n');
  await bench.close();
});

describe('what does not fit is said with what to do', () => {
  const stranger = testAuthority();
  test.each([
    ['another authority', async () => over({ ca: (await stranger).pem, ...client })],
    ['no certificate of ours', async () => over({ ca: authority.pem })],
    [
      'a certificate of somebody else',
      async () => over({ ca: authority.pem, ...(await (await stranger).issue('fleet')) }),
    ],
    ['no TLS at all', async () => over(null, `tcp://127.0.0.1:${front.port}`)],
  ])('%s', async (_, port) => {
    const { ok, detail } = await (await port()).probe();
    expect(ok).toBe(false);
    expect(detail).toContain('The container engine far');
    expect(detail).toMatch(/TLS does not fit[^]*npx fleet engine add far --url|The connection was cut/u);
    expect(detail).not.toContain('PRIVATE KEY');
  });
});

test('a connection that is cut ends the sandbox, says so, and leaves nothing once it is reaped', async () => {
  const port = over({ ca: authority.pem, ...client });
  const bench = await openBench(port);
  const heard = Promise.withResolvers<void>();
  const cut = bench.run('echo up; sleep 60', { onOutput: () => heard.resolve() });
  await heard.promise;
  front.cut();
  expect((await cut).exitCode).not.toBe(0);
  await expect(runIn(bench.sandbox, 'echo on')).rejects.toThrow(/far has let go of this sandbox/u);
  await bench.close();
  await port.reap();
  expect(await port.reap()).toEqual({ sandboxes: 0, processes: 0 });
});
