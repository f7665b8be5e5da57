import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { anthropicKeyCheck } from './check-anthropic-key.ts';

let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = undefined;
});

async function api(status: number, seen: Record<string, unknown>[] = []): Promise<string> {
  server = createServer((request, response) => {
    seen.push({ url: request.url, key: request.headers['x-api-key'], version: request.headers['anthropic-version'] });
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"data":[]}');
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('anthropicKeyCheck', () => {
  it.each([
    [200, 'accepted'],
    [401, 'rejected'],
    [403, 'rejected'],
    [429, 'unreachable'],
    [529, 'unreachable'],
    [302, 'unreachable'],
  ])('%i is %s', async (status, verdict) => {
    expect(await anthropicKeyCheck({ baseUrl: await api(status) })('sk-ant-1')).toBe(verdict);
  });

  it('asks for one model with the key in its header', async () => {
    const seen: Record<string, unknown>[] = [];
    await anthropicKeyCheck({ baseUrl: await api(200, seen) })('sk-ant-1');
    expect(seen).toEqual([{ url: '/v1/models?limit=1', key: 'sk-ant-1', version: '2023-06-01' }]);
  });

  it('nobody there is unreachable', async () => {
    expect(await anthropicKeyCheck({ baseUrl: 'http://127.0.0.1:1' })('sk-ant-1')).toBe('unreachable');
  });

  it('does not wait for a server that never answers', async () => {
    server = createServer(() => undefined);
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await anthropicKeyCheck({ baseUrl, timeoutMs: 50 })('sk-ant-1')).toBe('unreachable');
  });
});
