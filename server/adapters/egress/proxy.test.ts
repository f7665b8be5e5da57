import { access, mkdtemp, open as openFolder, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer as createNetServer, type AddressInfo } from 'node:net';
import { beforeEach, expect, test } from 'vitest';
import { plain, proxyBench, say, status } from './testing/proxy-bench.ts';

let seen: string[] = [];
const bench = proxyBench((request, response) => {
  seen.push([request.method, request.headers.host, request.url, request.headers.authorization ?? ''].join(' ').trim());
  if (request.url === '/away') response.writeHead(302, { location: 'http://metadata.test/' });
  request.pipe(response);
});
const { open, closing } = bench;
let port = 0;
beforeEach(() => {
  seen = [];
  ({ port } = bench);
});

test('a request goes out as it was meant, without what was meant for the proxy', async () => {
  const proxy = await open();
  const url = `http://service.test:${port}/a%20b?c=d`;
  const more = 'Proxy-Authorization: Basic eA==\r\nContent-Length: 3\r\n';
  const answer = await say(
    proxy,
    `POST ${url} HTTP/1.1\r\nHost: service.test:${port}\r\nConnection: close\r\n${more}\r\nabc`,
  );
  expect(status(answer)).toBe(200);
  expect(answer).toMatch(/abc/u);
  expect(seen).toEqual([`POST service.test:${port} /a%20b?c=d`]);
  expect(bench.requests).toMatchObject([{ method: 'POST', host: 'service.test', port, path: '/a%20b', allowed: true }]);
  expect(bench.resolved).toEqual(['service.test']);
});

test('a body of unknown length, also of a GET, stays one request', async () => {
  const proxy = await open();
  const smuggled = `GET /smuggled HTTP/1.1\r\nHost: service.test\r\n\r\n`;
  const body = `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`;
  const answer = await say(
    proxy,
    plain(`http://service.test:${port}/x`, `service.test:${port}`, 'Transfer-Encoding: chunked\r\n') + body,
  );
  expect(status(answer)).toBe(200);
  expect(seen).toEqual([`GET service.test:${port} /x`]);
});

test.each(['content-length', 'Host, Content-Length', 'close, content-length, transfer-encoding'])(
  'a body stays one request where its length is said to be for the proxy alone: %s',
  async (named) => {
    const smuggled = 'POST /smuggled HTTP/1.1\r\nHost: other.test\r\nContent-Length: 0\r\n\r\n';
    // Read as it comes: no server that is kind enough to stop behind the first request.
    let got = '';
    const raw = createNetServer((socket) => {
      socket.on('data', (chunk) => {
        got += chunk.toString('latin1');
        if (got.includes(smuggled)) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      });
    });
    await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
    closing.push(() => raw.close());
    const { port: to } = raw.address() as AddressInfo;
    const rules = [{ host: 'service.test', ports: [to], paths: ['/x'] }];
    const proxy = await open({ policy: { registries: [], rules } });
    for (const method of ['GET', 'DELETE', 'OPTIONS', 'POST']) {
      got = '';
      const head = `${method} http://service.test:${to}/x HTTP/1.1\r\nHost: service.test:${to}\r\nConnection: ${named}\r\n`;
      await say(proxy, `${head}Content-Length: ${smuggled.length}\r\n\r\n${smuggled}`, '\r\n\r\n');
      const [first = '', rest] = got.split(/\r\n\r\n([^]*)/u);
      expect(rest, method).toBe(smuggled);
      expect(first.match(/^(?:host|content-length|transfer-encoding):.*$/gimu)?.toSorted()).toEqual([
        `Content-Length: ${smuggled.length}`,
        `Host: service.test:${to}`,
      ]);
    }
  },
);

test.each([
  ['CONNECT other.test:443 HTTP/1.1\r\nHost: other.test:443\r\n\r\n', 'a tunnel within a tunnel'],
  ['no request at all\r\n\r\n', 'no readable request'],
])('what is no request within a tunnel that is looked into is refused and written down: %j', async (words, why) => {
  const rules = [{ host: 'service.test', ports: [port], paths: ['/x'] }];
  const proxy = await open({ policy: { registries: [], rules } });
  const head = `CONNECT service.test:${port} HTTP/1.1\r\nHost: service.test:${port}\r\n\r\n`;
  expect(await say(proxy, head + words)).toContain('400 Bad Request');
  expect(bench.requests).toMatchObject([{ host: 'service.test', allowed: false, refusal: 'malformed', rule: why }]);
});

const oddUrls: [string, number][] = [
  ['http://127.0.0.1/', 400],
  ['http://2130706433/', 400],
  ['http://0x7f.1/', 400],
  ['http://[::1]/', 400],
  ['http://[::ffff:127.0.0.1]/', 400],
  ['http://service.test./', 400],
  ['http://user@service.test/', 400],
  ['http://service.test%00.evil.com/', 400],
  ['http://service.test\\@evil.com/', 400],
  ['http://evil-service.test/', 403],
  ['http://service.test.evil.com/', 403],
  ['/only/a/path', 400],
  ['ftp://service.test/', 400],
  ['http:///x', 400],
  ['http://service.test?x', 400],
];
test.each(oddUrls)('%s is refused, recorded once, and reaches nobody', async (url, code) => {
  const proxy = await open();
  const host = /^\w+:\/\/([^/?]*)/u.exec(url)?.[1] || 'service.test';
  expect(status(await say(proxy, plain(url, host)))).toBe(code);
  expect(bench.requests).toHaveLength(1);
  expect(bench.requests[0]).toMatchObject({ allowed: false, address: null });
  expect(seen).toEqual([]);
});

test.each([
  'service.test:22',
  'evil.com:443',
  '127.0.0.1:443',
  '[::1]:443',
  'service.test',
  'service.test.:443',
  'a@service.test:80',
])('a tunnel to %s is refused and recorded once', async (place) => {
  const proxy = await open();
  expect([400, 403]).toContain(status(await say(proxy, `CONNECT ${place} HTTP/1.1\r\nHost: ${place}\r\n\r\n`)));
  expect(bench.requests).toHaveLength(1);
  expect(bench.requests[0]).toMatchObject({ method: 'CONNECT', allowed: false });
});

test('bytes that are no request are refused and recorded', async () => {
  const proxy = await open();
  for (const bytes of [
    '\0\0\0\0\r\n\r\n',
    'GET http://service.test\0.evil.com/ HTTP/1.1\r\n\r\n',
    plain('http://service.test/', 'a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked'),
  ]) {
    bench.requests = [];
    expect(status(await say(proxy, bytes))).toBe(400);
    expect(bench.requests).toHaveLength(1);
  }
});

test('Host header and address must agree, and there is one', async () => {
  const proxy = await open();
  const url = `http://service.test:${port}/`;
  for (const host of [
    'other.test',
    'service.test',
    `service.test:${port}\r\nHost: other.test`,
    `service.test.:${port}`,
  ]) {
    expect(status(await say(proxy, plain(url, host))), host).toBe(400);
  }
  expect(status(await say(proxy, `GET ${url} HTTP/1.1\r\nConnection: close\r\n\r\n`))).toBe(400);
  expect(seen).toEqual([]);
  expect(bench.requests).toHaveLength(5);
});

test('a name that stands for one private address is refused whole, and nothing is dialled', async () => {
  const proxy = await open();
  for (const host of ['metadata.test', 'mixed.test', 'mapped.test']) {
    expect(status(await say(proxy, plain(`http://${host}/`, host))), host).toBe(403);
    expect(status(await say(proxy, `CONNECT ${host}:80 HTTP/1.1\r\n\r\n`)), host).toBe(403);
  }
  expect(bench.requests.map(({ refusal }) => refusal)).toEqual(Array(6).fill('private_address'));
});

test('a name is bench.resolved once: what it stands for later does not matter', async () => {
  const proxy = await open(
    {},
    {
      internalHosts: [],
      resolve: async (host) => {
        bench.resolved.push(host);
        return bench.resolved.length === 1 ? ['10.0.0.1'] : ['127.0.0.1'];
      },
    },
  );
  expect(status(await say(proxy, plain(`http://service.test:${port}/`, `service.test:${port}`)))).toBe(403);
  expect(bench.resolved).toEqual(['service.test']);
});

test('a redirect is the client’s to follow, and is decided again', async () => {
  const proxy = await open();
  const answer = await say(proxy, plain(`http://service.test:${port}/away`, `service.test:${port}`));
  expect(answer).toMatch(/^HTTP\/1\.1 302 .*location: http:\/\/metadata\.test\//isu);
  expect(bench.requests).toHaveLength(1);
});

test('a tunnel carries bytes both ways', async () => {
  const proxy = await open();
  const request = `GET /t HTTP/1.1\r\nHost: service.test:${port}\r\nConnection: close\r\n\r\n`;
  const answer = await say(proxy, `CONNECT service.test:${port} HTTP/1.1\r\n\r\n${request}`);
  expect(answer).toMatch(/^HTTP\/1\.1 200 Connection Established\r\n\r\nHTTP\/1\.1 200 OK/u);
  expect(bench.requests).toMatchObject([{ method: 'CONNECT', path: null, allowed: true, address: '127.0.0.1' }]);
});

test('the installation’s own proxy is used for everything, with its login', async () => {
  const heads: string[] = [];
  const upstream = createNetServer((client) => {
    client.once('data', (head) => {
      heads.push(
        head
          .toString()
          .split('\r\n')
          .filter((line) => /^(?:CONNECT|Proxy)/u.test(line))
          .join('|'),
      );
      const out = connect(port, '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
      out.pipe(client).pipe(out);
    });
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  closing.push(() => upstream.close());
  const proxy = await open(
    {},
    { upstream: `http://us%65r:p%40ss@127.0.0.1:${(upstream.address() as AddressInfo).port}` },
  );
  expect(status(await say(proxy, plain(`http://service.test:${port}/`, `service.test:${port}`)))).toBe(200);
  expect(heads).toEqual([
    `CONNECT service.test:${port} HTTP/1.1|Proxy-Authorization: Basic ${Buffer.from('user:p@ss').toString('base64')}`,
  ]);
  expect(status(await say(proxy, plain('http://metadata.test/', 'metadata.test')))).toBe(403);
});

test('a service that is not there is said; a closed proxy answers nobody and leaves no socket', async () => {
  const proxy = await open();
  expect(status(await say(proxy, plain('http://service.test/', 'service.test')))).toBe(502);
  expect(bench.requests.at(-1)).toMatchObject({ allowed: false, refusal: 'unreachable' });
  await proxy.close();
  await expect(say(proxy, plain('http://service.test/', 'service.test'))).rejects.toThrow(/ENOENT|ECONNREFUSED/u);
});

test('one that closes takes no other’s socket along', async () => {
  const proxy = await open();
  const other = await mkdtemp(join(tmpdir(), 'fleet-egress-'));
  closing.push(() => rm(other, { recursive: true, force: true }));
  await writeFile(join(other, 'egress.sock'), '');
  const folders = await Promise.all(Array.from({ length: 20 }, () => openFolder(other, 'r')));
  await proxy.close();
  for (const folder of folders) await folder.close();
  await access(join(other, 'egress.sock'));
});
