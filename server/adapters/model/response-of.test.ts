import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { responseOf } from './response-of.ts';

/** A server's answer, byte for byte what it sends. */
async function answered(head: string): Promise<IncomingMessage> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () =>
      socket.end(`${head}\r\nset-cookie: a\r\nset-cookie: b\r\nconnection: close\r\n\r\nhello`),
    );
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const call = get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  call.on('error', () => undefined);
  const [answer] = await once(call, 'response');
  return answer;
}

test('an answer keeps status, headers of one name, and body', async () => {
  const response = responseOf(await answered('HTTP/1.1 418 Teapot'));
  expect(response.status).toBe(418);
  expect(response.headers.getSetCookie()).toEqual(['a', 'b']);
  expect(await response.text()).toBe('hello');
});

test.each([204, 205, 304])('%s has no body, whatever is sent', async (status) => {
  const response = responseOf(await answered(`HTTP/1.1 ${status} X`));
  expect(response.status).toBe(status);
  expect(response.body).toBeNull();
});

test.each([600, 999])('%s is refused in words', async (status) => {
  const answer = await answered(`HTTP/1.1 ${status} X`);
  expect(() => responseOf(answer)).toThrow(`status ${status}`);
});
