import { createServer, type AddressInfo, type Server } from 'node:net';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askE2b } from '../sandbox/e2b/ask-e2b.ts';
import { serviceDoor } from './service-door.ts';
import { directEgress } from './settings.ts';

/** Stands for a service: it answers nothing, and says what came. */
let service: Server;
let port: number;
const came: string[] = [];
beforeAll(async () => {
  service = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .once('data', (bytes) => {
        came.push(bytes.toString('latin1'));
        socket.destroy();
      });
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', () => resolve()));
  ({ port } = service.address() as AddressInfo);
});
afterAll(() => new Promise((resolve) => service.close(resolve)));

const resolve = async () => ['127.0.0.1'];
const vouching = () => ({ ...directEgress, resolve, internalHosts: ['api.e2b.test', 'api.other.test'] });

async function knock(proxy: string, target: string, headers = ''): Promise<string> {
  const { hostname, port: at, username, password } = new URL(proxy);
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  const socket = connect(Number(at), hostname);
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: x\r\n${headers || `Proxy-Authorization: Basic ${auth}\r\n`}\r\n`);
  const first = await new Promise<Buffer>((done, fail) => socket.once('data', done).once('error', fail));
  socket.destroy();
  return first.toString('latin1').split('\r\n')[0]!;
}

test('the SDK reaches its service through the door and not past it', async () => {
  const domain = `e2b.test:${port}`;
  const answer = await askE2b(serviceDoor(vouching()))({ domain, template: 'base', apiKey: 'e2b_0123456789' });
  expect(answer.kind).toBe('unreachable');
  expect(came.some((bytes) => bytes.startsWith('\x16\x03') && bytes.includes('api.e2b.test'))).toBe(true);
});

test('a name that leads inwards is refused, and said to be', async () => {
  const ask = askE2b(serviceDoor({ ...directEgress, resolve }));
  const seen = came.length;
  const account = { domain: `e2b.test:${port}`, template: 'base', apiKey: 'e2b_0123456789' };
  expect(await ask(account)).toEqual({ kind: 'not_allowed' });
  expect(came).toHaveLength(seen);
});

test('whoever has the address of one domain reaches no other, no other port, and without it nothing', async () => {
  const door = serviceDoor(vouching());
  const proxy = await door(`e2b.test:${port}`);
  expect(await door(`e2b.test:${port}`)).toBe(proxy);
  expect(await knock(proxy, `api.e2b.test:${port}`)).toContain('200');
  expect(await knock(proxy, `api.other.test:${port}`)).toContain('407 no_rule');
  expect(await knock(proxy, `evile2b.test:${port}`)).toContain('407 no_rule');
  expect(await knock(proxy, 'api.e2b.test:22')).toContain('407 no_rule');
  expect(await knock(proxy, `127.0.0.1:${port}`)).toContain('400 odd_host');
  expect(await knock(proxy, `api.e2b.test:${port}`, 'X: y\r\n')).toContain('407 no_rule');
  const guessed = new URL(proxy);
  guessed.password = '0'.repeat(64);
  expect(await knock(guessed.href, `api.e2b.test:${port}`)).toContain('407 no_rule');
});
