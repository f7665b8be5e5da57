import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NetworkRequest } from '../../domain/network/network-request.ts';
import type { NetworkRule } from '../../domain/network/network-policy.ts';
import type { NetworkCredential } from '../../domain/ports/sandbox.ts';
import { makeAuthority } from './authority.ts';
import { openOutlet } from './outlet.ts';
import { directEgress } from './settings.ts';

const { signal } = new AbortController();
const seen: string[] = [];
let servers: Server[];
let plain: number;
let safe: number;
const authority = await makeAuthority(new Date());

beforeAll(async () => {
  const key = await authority.contextFor('service.test');
  const answer: Parameters<typeof createServer>[1] = (request, response) => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .once('end', () => {
        seen.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`.trim());
        if (request.url === '/hang') return;
        if (request.url === '/broken') return void response.socket?.destroy();
        response.writeHead(request.url === '/away' ? 302 : 200, {
          location: 'http://169.254.169.254/',
          'x-a': ['1', '2'],
        });
        response.end(`got ${Buffer.concat(chunks).toString()}`);
      });
  };
  servers = [createServer(answer), createTlsServer({ SNICallback: (_, give) => give(null, key) }, answer)];
  const listen = (server: Server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  await Promise.all(servers.map(listen));
  [plain, safe] = servers.map((server) => (server.address() as AddressInfo).port) as [number, number];
});
afterAll(() => servers.forEach((server) => server.close().closeAllConnections()));

function outlet(rules: NetworkRule[], credentials: NetworkCredential[] = [], fault?: Error) {
  const requests: NetworkRequest[] = [];
  const settings = {
    ...directEgress,
    extraCa: authority.pem,
    internalHosts: ['service.test'],
    resolve: async (host: string) => (host.endsWith('.test') ? ['127.0.0.1'] : []),
  };
  const egress = {
    policy: { registries: [], rules },
    credentials,
    record: async (seen: NetworkRequest) => {
      requests.push(seen);
      if (fault) throw fault;
    },
  };
  const { send } = openOutlet({ egress, settings });
  const ask = async (
    url: string,
    more: { method?: string; headers?: Record<string, string>; body?: Uint8Array; signal?: AbortSignal } = {},
  ) => {
    const answer = await send({ url, method: 'GET', headers: {}, signal, ...more });
    if (answer.kind === 'refused') return answer;
    let text = '';
    for await (const chunk of answer.body) text += Buffer.from(chunk).toString();
    return { ...answer, text };
  };
  return { ask, requests };
}

describe('an outlet', () => {
  it('sends what a rule opens, in the clear and encrypted, and writes each request down without its query', async () => {
    const { ask, requests } = outlet([{ host: 'service.test', ports: [plain, safe] }]);
    expect(await ask(`http://service.test:${plain}/a?b=c`)).toMatchObject({ status: 200, text: 'got ' });
    const sent = await ask(`https://service.test:${safe}/b`, { method: 'POST', body: Buffer.from('words') });
    expect(sent).toMatchObject({ kind: 'answered', status: 200, text: 'got words' });
    expect(sent.kind === 'answered' && sent.headers.get('x-a')).toBe('1, 2');
    expect(seen.slice(-2)).toEqual(['GET /a?b=c', 'POST /b']);
    expect(requests).toMatchObject([
      { method: 'GET', host: 'service.test', path: '/a', allowed: true, address: '127.0.0.1' },
      { method: 'POST', host: 'service.test', path: '/b', allowed: true },
    ]);
  });

  it.each([
    [() => `http://other.test:${plain}/`, 'no_rule'],
    [() => `http://service.test:${plain}/open/../shut`, 'no_rule'],
    [() => `http://private.test:${plain}/`, 'private_address'],
    [() => 'http://nowhere.example/', 'unresolved'],
    [() => 'http://127.0.0.1/', 'odd_host'],
    [() => 'http://user@service.test/', 'odd_host'],
    [() => 'ftp://service.test/', 'malformed'],
    [() => 'service.test', 'malformed'],
  ])('refuses %s and says why', async (url, refusal) => {
    const { ask, requests } = outlet([
      { host: 'service.test', ports: [plain], paths: ['/open/*'] },
      { host: 'private.test', ports: [plain] },
      { host: 'nowhere.example', ports: [80] },
    ]);
    const before = seen.length;
    expect(await ask(url())).toMatchObject({ kind: 'refused', refusal, text: expect.stringMatching(/^Fleet refused/) });
    expect(requests).toMatchObject([{ allowed: false, refusal }]);
    expect(seen).toHaveLength(before);
  });

  it('follows no redirect, and puts a secret in the place of its name towards its host alone', async () => {
    const credential = {
      ...{ name: 'API_KEY', placeholder: 'FLEET_SECRET_1', value: 'the-real-key' },
      form: { header: 'Authorization', text: 'Bearer {}' },
      places: [{ host: 'service.test', port: plain }],
    };
    const { ask, requests } = outlet([{ host: 'service.test', ports: [plain] }], [credential]);
    const headers = { authorization: 'Bearer FLEET_SECRET_1' };
    expect(await ask(`http://service.test:${plain}/away`, { headers })).toMatchObject({ status: 302 });
    expect(seen.at(-1)).toBe('GET /away Bearer the-real-key');
    expect(requests).toMatchObject([{ injected: ['API_KEY'] }]);
  });

  it('sends nothing that cannot be written down', async () => {
    const { ask, requests } = outlet([{ host: 'service.test', ports: [plain] }], [], new Error('gone'));
    const before = seen.length;
    const answer = await ask(`http://service.test:${plain}/a`);
    expect(answer).toMatchObject({
      kind: 'refused',
      refusal: 'unrecorded',
      text: expect.stringMatching(/^Fleet refused/),
    });
    expect([seen.length, requests.length]).toEqual([before, 1]);
  });

  it('throws when the signal is aborted, and says what broke', async () => {
    const { ask } = outlet([{ host: 'service.test', ports: [plain] }]);
    const stop = new AbortController();
    const asked = ask(`http://service.test:${plain}/hang`, { signal: stop.signal });
    setImmediate(() => stop.abort(new Error('enough')));
    await expect(asked).rejects.toThrow();
    expect(await ask(`http://service.test:${plain}/broken`)).toMatchObject({ status: 502 });
  });
});
