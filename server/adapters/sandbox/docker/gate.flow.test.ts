import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { directEgress } from '../../egress/settings.ts';
import { openBench, runIn, type Bench } from '../contract-bench.ts';
import { labels } from './container-options.ts';
import { dockerSandbox } from './docker.ts';
import { openEngine } from './engine.ts';
import { podmanEngine } from './testing/podman-engine.ts';

const { address, image, stop } = await podmanEngine();
const installation = randomUUID();
const settings = { ...directEgress, internalHosts: ['service.test'], resolve: async () => ['127.0.0.1'] };
const engine = openEngine(address);
const megabytes = 6;
const service = createServer((request, response) => {
  let size = 0;
  request.on('data', (chunk: Buffer) => (size += chunk.length));
  request.on('end', () => {
    if (request.url === '/big') response.end(Buffer.alloc(megabytes * 2 ** 20, 'x'));
    else response.end(`${size}`);
  });
});

let bench: Bench;
let port: number;
beforeAll(async () => {
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  port = (service.address() as AddressInfo).port;
  const policy = { registries: [], rules: [{ host: 'service.test', ports: [port] }] };
  const egress = { policy, credentials: [], record: () => Promise.resolve() };
  bench = await openBench(dockerSandbox({ engine: address, image, installation, egress: settings }), { egress });
});
afterAll(async () => {
  await bench.close();
  service.close().closeAllConnections();
  await stop();
});

test('large bodies pass both ways, and a connection that nobody reads holds up no other', async () => {
  const { text } = await runIn(
    bench.sandbox,
    `python3 - <<'END'
import socket, urllib.request
lazy = socket.create_connection(('127.0.0.1', 3128))
lazy.sendall(b'GET http://service.test:${port}/big HTTP/1.1\\r\\nHost: service.test:${port}\\r\\n\\r\\n')
for _ in range(2): print(len(urllib.request.urlopen('http://service.test:${port}/big').read()))
print(urllib.request.urlopen('http://service.test:${port}/up', data=b'y' * ${megabytes * 2 ** 20}).read().decode())
got = 0
while got < ${megabytes * 2 ** 20}: got += len(lazy.recv(65536))
print('read at last')
END`,
    { timeoutMs: 120_000 },
  );
  expect(text.split('\n').slice(0, 4)).toEqual([...Array(3).fill(String(megabytes * 2 ** 20)), 'read at last']);
});

test('where the gate is gone there is no network, and with the sandbox it goes', async () => {
  const filters = { label: [`${labels.installation}=${installation}`, `${labels.role}=gate`] };
  const gates = () => engine.call('list', (docker) => docker.listContainers({ all: true, filters }));
  const [gate] = await gates();
  await engine.call('end', (docker) => docker.getContainer(gate!.Id).kill());
  const { text } = await runIn(
    bench.sandbox,
    `python3 -c "import socket; socket.create_connection(('127.0.0.1', 3128))" 2>&1`,
  );
  expect(text).toContain('ConnectionRefusedError');
  await bench.sandbox.dispose();
  expect(await gates()).toEqual([]);
});
