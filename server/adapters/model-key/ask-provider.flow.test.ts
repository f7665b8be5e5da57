import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { askProvider } from './ask-provider.ts';

let server: Server | undefined;
let seen: { url: string | undefined; key: string | undefined }[] = [];
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = undefined;
  seen = [];
});

async function api(status: number, body = ''): Promise<string> {
  server = createServer(({ url, headers }, response) => {
    seen.push({ url, key: headers.authorization ?? (headers['x-api-key'] as string | undefined) });
    response.writeHead(status, { 'content-type': 'application/json', location: '/elsewhere' }).end(body);
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ask = askProvider({ timeoutMs: 2_000 });
const chat = { protocol: 'chat-completions', key: 'sk-1', byOperator: true } as const;

describe('a provider that is asked for its models', () => {
  it('lists them by name, over either protocol', async () => {
    const baseUrl = await api(200, '{"data":[{"id":"models/gemini-3.8-flash"},{"id":"qwen"},{"id":7},null]}');
    const accepted = { kind: 'accepted', models: ['gemini-3.8-flash', 'qwen'] };
    expect(await ask({ ...chat, baseUrl })).toEqual(accepted);
    expect(await ask({ ...chat, protocol: 'anthropic', baseUrl })).toEqual(accepted);
    expect(await ask({ ...chat, key: null, baseUrl })).toEqual(accepted);
    expect(seen).toEqual([
      { url: '/models', key: 'Bearer sk-1' },
      { url: '/v1/models?limit=1000', key: 'sk-1' },
      { url: '/models', key: undefined },
    ]);
  });

  it.each([
    [401, '', { kind: 'rejected' }],
    [404, 'no such page', { kind: 'accepted', models: [] }],
    [302, '', { kind: 'unreachable', why: 'it answered 302' }],
    [500, '', { kind: 'unreachable', why: 'it answered 500' }],
    [200, '<html>', { kind: 'unreachable', why: 'it did not answer in JSON' }],
    [200, '{"models":{}}', { kind: 'accepted', models: [] }],
  ])('and answers %d %j', async (status, body, answer) => {
    expect(await ask({ ...chat, baseUrl: await api(status, body) })).toEqual(answer);
    expect(seen).toHaveLength(1);
  });

  it('is never called on this machine or in a private network for who is no operator', async () => {
    const inside = await api(200, '{"data":[]}');
    const addresses = [inside, inside.replace('http:', 'https:'), 'https://10.1.2.3/v1', 'https://[::1]/v1'];
    for (const baseUrl of [...addresses, 'https://localhost/v1', 'http://example.com/v1']) {
      expect(await ask({ ...chat, byOperator: false, baseUrl }), baseUrl).toEqual({ kind: 'not_allowed' });
    }
    expect(seen).toEqual([]);
  });
});
