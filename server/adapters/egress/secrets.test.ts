import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { beforeEach, expect, test } from 'vitest';
import type { NetworkCredential } from '../../domain/ports/sandbox.ts';
import { readHeaderForm } from '../../domain/secrets/header-form.ts';
import { plain, proxyBench, say, status } from './testing/proxy-bench.ts';
import { veil } from './veil.ts';

const value = 'the"real$&key/1';
const placeholder = 'fleet-secret-0a1b';
const sent = (text: string) => Buffer.from(text, 'latin1').toString('base64');

let seen: string[] = [];
const bench = proxyBench((request, response) => {
  const { authorization = '', 'x-key': key = '' } = request.headers;
  seen.push(`${authorization}|${String(key)}`);
  const said = JSON.stringify({ authorization, key });
  if (request.url === '/packed') {
    response.writeHead(200, { 'content-encoding': 'gzip', 'x-asked': request.headers['accept-encoding'] });
    response.end(gzipSync('{}'));
    return;
  }
  response.writeHead(200, { 'x-echo': authorization, 'content-length': Buffer.byteLength(said) });
  // In pieces, one of them in the middle of the secret.
  const at = said.indexOf('real');
  if (at < 0) response.end(said);
  else response.write(said.slice(0, at), () => response.end(said.slice(at)));
});
const { open } = bench;
beforeEach(() => (seen = []));

const credential = (header: string, host = 'service.test', port = bench.port): NetworkCredential => ({
  ...{ name: 'API_KEY', placeholder, value },
  form: readHeaderForm(header),
  places: [{ host, port }],
});

const ask = async (header: string, lines: string, { host = 'service.test', path = '/', at = '' } = {}) => {
  const proxy = await open({ credentials: [credential(header, at || undefined)] });
  return say(proxy, plain(`http://${host}:${bench.port}${path}`, `${host}:${bench.port}`, lines));
};

const bearer = 'Authorization: Bearer {}';

test.each([
  ['as it is', bearer, `Authorization: Bearer ${placeholder}`, `Bearer ${value}|`],
  ['whatever is written around it', bearer, `authorization: token x${placeholder}y`, `Bearer ${value}|`],
  ['in basic authentication', 'Authorization: Basic me:{}', `Authorization: Basic ${sent(`me:${placeholder}`)}`, `Basic ${sent(`me:${value}`)}|`], // prettier-ignore
  ['under another user’s name', 'Authorization: Basic me:{}', `Authorization: Basic ${sent(`you:${placeholder}`)}`, `Basic ${sent(`me:${value}`)}|`], // prettier-ignore
  ['in a header of its own', 'X-Key: {}', `x-key: ${placeholder}`, `|${value}`],
  ['in each of several', bearer, `Authorization: Bearer ${placeholder}\r\nX-Key: k`, `Bearer ${value}|k`],
])('the header that holds the placeholder is written by its form: %s', async (_name, header, lines, reached) => {
  await ask(header, `${lines}\r\n`);
  expect(seen).toEqual([reached]);
  expect(bench.requests).toMatchObject([{ allowed: true, injected: ['API_KEY'] }]);
  expect(JSON.stringify(bench.requests)).not.toContain('real');
});

test.each([
  ['another header', {}, `X-Key: ${placeholder}`, `|${placeholder}`],
  ['another host', { host: 'other.test' }, `Authorization: Bearer ${placeholder}`, `Bearer ${placeholder}|`],
  ['a name above', { at: '*.service.test' }, `Authorization: Bearer ${placeholder}`, `Bearer ${placeholder}|`],
  ['another placeholder', {}, 'Authorization: Bearer fleet-secret-ffff', 'Bearer fleet-secret-ffff|'],
])('%s gets what the sandbox sent, unchanged', async (_name, place, line, reached) => {
  await ask(bearer, `${line}\r\n`, place);
  expect(seen).toEqual([reached]);
  expect(bench.requests).toMatchObject([{ allowed: true, injected: [] }]);
});

test('another port of the same host gets the placeholder', async () => {
  const proxy = await open({ credentials: [credential(bearer, 'service.test', bench.port + 1)] });
  const url = `http://service.test:${bench.port}/`;
  await say(proxy, plain(url, `service.test:${bench.port}`, `Authorization: Bearer ${placeholder}\r\n`));
  expect(seen).toEqual([`Bearer ${placeholder}|`]);
});

test('a host that nobody vouches for gets it over https only, and the refusal says so', async () => {
  const resolve = async () => ['93.184.216.34'];
  const proxy = await open({ credentials: [credential(bearer)] }, { internalHosts: [], resolve });
  const url = `http://service.test:${bench.port}/`;
  const answer = await say(proxy, plain(url, `service.test:${bench.port}`, `Authorization: Bearer ${placeholder}\r\n`));
  expect(status(answer)).toBe(403);
  expect(answer).toContain('the secret API_KEY goes to service.test over https only. Write the address with https.');
  expect(bench.requests).toMatchObject([{ allowed: false, refusal: 'unencrypted', injected: [] }]);
  expect(seen).toEqual([]);
});

test('a host that repeats what it was sent is heard with the placeholder in its place, piece by piece', async () => {
  const answer = await ask(bearer, `Authorization: Bearer ${placeholder}\r\n`);
  expect(seen).toEqual([`Bearer ${value}|`]);
  expect(answer).toContain(`x-echo: Bearer ${placeholder}`);
  expect(answer).toContain(`"authorization":"Bearer ${placeholder}"`);
  expect(answer).not.toContain('real');
  const coded = await ask('Authorization: Basic me:{}', `Authorization: Basic ${sent(`me:${placeholder}`)}\r\n`);
  expect(coded).not.toContain(sent(`me:${value}`).slice(0, 12));
});

test('such a request asks for an answer that is not packed', async () => {
  const packed = { path: '/packed' };
  const with_ = await ask(bearer, `Authorization: Bearer ${placeholder}\r\nAccept-Encoding: gzip\r\n`, packed);
  expect(with_).toContain('x-asked: identity');
  expect(await ask(bearer, 'Accept-Encoding: gzip\r\n', packed)).toContain('x-asked: gzip');
});

test('nothing is held back of a stream but what could begin the secret', async () => {
  const body = veil([credential(bearer)]).body();
  let said = '';
  body.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const next = async (text: string) => {
    said = '';
    await new Promise((resolve) => body.write(text, resolve));
    return said;
  };
  expect(await next('data: one\n\n')).toBe('data: one\n\n');
  expect(await next('two the"re')).toBe('two ');
  expect(await next('sort.')).toBe('the"resort.');
  expect(await next('x the"real$&ke')).toBe('x ');
  expect(await next('y/1.')).toBe(`${placeholder}.`);
  said = '';
  body.end('the"re');
  await once(body, 'end');
  expect(said).toBe('the"re');
});
