import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { NetworkRequest } from '../../../domain/network/network-request.ts';
import type { SandboxEgress } from '../../../domain/ports/sandbox.ts';
import { openEgressProxy, type EgressProxy } from '../proxy.ts';
import { directEgress, type EgressSettings } from '../settings.ts';

const names: Record<string, string[]> = {
  'service.test': ['127.0.0.1'],
  'other.test': ['127.0.0.1'],
  'metadata.test': ['169.254.169.254'],
  'mixed.test': ['93.184.216.34', '10.0.0.1'],
  'mapped.test': ['::ffff:127.0.0.1'],
};

/** A service on this machine, and proxies that may reach it under some names; made anew for each test. */
export function proxyBench(answer: RequestListener) {
  const service = createServer(answer);
  const closing: (() => unknown)[] = [];
  const bench = {
    port: 0,
    requests: [] as NetworkRequest[],
    resolved: [] as string[],
    closing,
    async open(over: Partial<SandboxEgress> = {}, settings: Partial<EgressSettings> = {}): Promise<EgressProxy> {
      const dir = await mkdtemp(join(tmpdir(), 'fleet-egress-'));
      closing.push(() => rm(dir, { recursive: true, force: true }));
      const resolve = async (host: string) => {
        bench.resolved.push(host);
        return names[host] ?? [];
      };
      const hosts = Object.keys(names).map((host) => ({ host, ports: [bench.port, 80] }));
      const proxy = await openEgressProxy({
        dir,
        egress: {
          policy: { registries: [], rules: hosts },
          credentials: [],
          record: async (request) => void bench.requests.push(request),
          ...over,
        },
        settings: { ...directEgress, internalHosts: ['service.test', 'other.test'], resolve, ...settings },
      });
      closing.push(proxy.close);
      return proxy;
    },
  };
  beforeEach(async () => {
    Object.assign(bench, { requests: [], resolved: [] });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    bench.port = (service.address() as AddressInfo).port;
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    await new Promise((resolve) => service.close(resolve).closeAllConnections());
  });
  return bench;
}

/** Sends bytes to the proxy and gives all that comes back until it closes or has said `until`. */
export function say(proxy: EgressProxy, bytes: string, until?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(proxy.socket, () => socket.write(Buffer.from(bytes, 'latin1')));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (until !== undefined && text.includes(until)) socket.destroy();
    });
    socket.on('close', () => resolve(text)).on('error', reject);
  });
}

export const plain = (url: string, host: string, more = '') =>
  `GET ${url} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`;

export const status = (answer: string) => Number(answer.split(' ')[1]);
