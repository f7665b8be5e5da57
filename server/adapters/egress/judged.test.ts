import { connect as connectTls } from 'node:tls';
import { connect } from 'node:net';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import type { NetworkAsk } from '../../domain/ports/sandbox.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';
import { plain, proxyBench, say, status } from './testing/proxy-bench.ts';

const reached: string[] = [];
const bench = proxyBench((request, response) => {
  reached.push(`${request.method} ${request.url}`);
  request.resume().once('end', () => response.setHeader('connection', 'close').end('ok'));
});

const ruled = (verdict: Verdict['verdict'], rule: string): Verdict => ({ verdict, rule, layer: 'org', reason: 'why.' });

/** Layers that let GET to anything pass but `/closed`, and nothing that sends. */
function layers() {
  const asked: NetworkAsk[] = [];
  const judge = async (asks: readonly NetworkAsk[]) => {
    asked.push(...asks);
    return asks.map(({ method, url }) => {
      if (method !== 'GET') return ruled('ask', 'n4-sends');
      return url.endsWith('/closed') ? ruled('deny', 'closed') : ruled('allow', 'open');
    });
  };
  return { asked, judge };
}

it('what the list opens is asked of the layers, and what they refuse reaches nobody and is recorded with the rule', async () => {
  reached.length = 0;
  const proxy = await bench.open({ judge: layers().judge });
  const base = `http://service.test:${bench.port}`;
  const host = `service.test:${bench.port}`;
  expect(status(await say(proxy, plain(`${base}/open`, host)))).toBe(200);
  const refused = await say(proxy, plain(`${base}/closed`, host));
  expect(status(refused)).toBe(403);
  expect(refused).toContain('by rule closed: why.');
  const post = `POST ${base}/open HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx`;
  expect(status(await say(proxy, post))).toBe(403);
  expect(reached).toEqual(['GET /open']);
  expect(bench.requests.map(({ allowed, refusal, verdict }) => [allowed, refusal, verdict?.rule])).toEqual([
    [true, null, 'open'],
    [false, 'policy', 'closed'],
    [false, 'policy', 'n4-sends'],
  ]);
  expect(bench.resolved).toEqual(['service.test']);
});

it('measures what is sent, and counts a body without a length as the most', async () => {
  const { asked, judge } = layers();
  const proxy = await bench.open({ judge });
  const head = `POST http://service.test:${bench.port}/ HTTP/1.1\r\nHost: service.test:${bench.port}\r\nConnection: close\r\n`;
  await say(proxy, `${head}Content-Length: 3\r\n\r\nabc`);
  await say(proxy, `${head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`);
  expect(asked.map(({ bytesOut }) => bytesOut)).toEqual([3, Number.MAX_SAFE_INTEGER]);
});

it('where the layers cannot be asked, nothing leaves', async () => {
  reached.length = 0;
  const proxy = await bench.open({ judge: async () => Promise.reject(new Error('no database')) });
  const answer = await say(proxy, plain(`http://service.test:${bench.port}/open`, `service.test:${bench.port}`));
  expect(status(answer)).toBe(503);
  expect(reached).toEqual([]);
});

const tunnel = (host: string) => `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;

it('a tunnel is passed on where the layers allow all that it could hold, and refused where they allow nothing', async () => {
  const host = `service.test:${bench.port}`;
  const all = await bench.open({ judge: async (asks) => asks.map(() => ruled('allow', 'open')) });
  expect(await say(all, tunnel(host), 'Established')).toContain('200 Connection Established');
  expect(bench.requests.at(-1)).toMatchObject({ method: 'CONNECT', allowed: true, verdict: { rule: 'open' } });
  const none = await bench.open({ judge: async (asks) => asks.map(() => ruled('deny', 'closed')) });
  expect(status(await say(none, tunnel(host)))).toBe(403);
  expect(bench.requests.at(-1)).toMatchObject({ method: 'CONNECT', refusal: 'policy', verdict: { rule: 'closed' } });
});

it('each request in any other tunnel is judged, in TLS and in plain text', async () => {
  reached.length = 0;
  const proxy = await bench.open({ judge: layers().judge });
  const host = `service.test:${bench.port}`;
  const opened = async () => {
    const socket = connect(proxy.socket);
    socket.write(tunnel(host));
    await once(socket, 'data');
    return socket;
  };
  const text = await opened();
  text.write(`GET /plain HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  await once(text, 'close');
  const closed = await opened();
  const secure = connectTls({ socket: closed, servername: 'service.test', ca: proxy.ca! });
  await once(secure, 'secureConnect');
  secure.write(`GET /closed HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  const [answer] = (await once(secure, 'data')) as [Buffer];
  expect(status(answer.toString())).toBe(403);
  closed.destroy();
  expect(reached).toEqual(['GET /plain']);
  expect(bench.requests.map(({ method, path, allowed }) => [method, path, allowed])).toEqual([
    ['GET', '/plain', true],
    ['GET', '/closed', false],
  ]);
});
