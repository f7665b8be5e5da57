import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NetworkRequest } from '../../domain/network/network-request.ts';
import { openEgressProxy, type EgressProxy } from './proxy.ts';
import { directEgress } from './settings.ts';

let dir = '';
let port = 0;
let proxy: EgressProxy;
/** Connections that reached the service. */
let reached = 0;
let requests: NetworkRequest[] = [];
/** What becomes of the next record; by default it is written at once. */
let written: () => Promise<void>;

const service = createServer((socket) => {
  reached += 1;
  socket.on('error', () => undefined).resume();
  socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello');
});

beforeEach(async () => {
  [reached, requests, written] = [0, [], () => Promise.resolve()];
  dir = await mkdtemp(join(tmpdir(), 'fleet-recorded-'));
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  ({ port } = service.address() as AddressInfo);
  const rules = [{ host: 'service.test', ports: [port, 9] }];
  const record = (request: NetworkRequest) => {
    requests.push(request);
    return written();
  };
  proxy = await openEgressProxy({
    dir,
    egress: { policy: { registries: [], rules }, credentials: [], record },
    settings: { ...directEgress, internalHosts: ['service.test'], resolve: async () => ['127.0.0.1'] },
  });
});
afterEach(async () => {
  await proxy.close();
  await new Promise((resolve) => service.close(resolve));
  await rm(dir, { recursive: true });
});

type Kind = 'request' | 'tunnel';

/** Asks the proxy for a place of the service; the answer's status comes later. */
function ask(kind: Kind, at = port) {
  const place = `service.test:${at}`;
  const how = kind === 'tunnel' ? { method: 'CONNECT', path: place } : { path: `http://${place}/x` };
  const sent = httpRequest({ socketPath: proxy.socket, headers: { Host: place, Connection: 'close' }, ...how }).end();
  sent.on('error', () => undefined).on('connect', (_, socket) => socket.destroy());
  const answer = Promise.race([once(sent, 'response'), once(sent, 'connect')]);
  return { sent, status: answer.then(([message]) => (message as IncomingMessage).statusCode) };
}

/** Resolves when the next record has begun; it is written or fails when the test says so. */
function holdRecord() {
  const end = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  written = () => {
    begun.resolve();
    return end.promise;
  };
  return { begun: begun.promise, ...end };
}

test.each(['request', 'tunnel'] as const)('a %s does not leave before it is written', async (kind) => {
  const record = holdRecord();
  const { status } = ask(kind);
  await record.begun;
  expect({ reached, requests }).toMatchObject({ reached: 0, requests: [{ allowed: true, address: '127.0.0.1' }] });
  record.resolve();
  expect(await status).toBe(200);
  expect([reached, requests.length]).toEqual([1, 1]);
});

test.each(['request', 'tunnel'] as const)('a %s that cannot be written is refused and reaches nobody', async (kind) => {
  written = () => Promise.reject(new Error('the database is gone'));
  expect(await ask(kind).status).toBe(503);
  expect([reached, requests.length]).toEqual([0, 1]);
});

test.each(['request', 'tunnel'] as const)('a refusal of a %s that cannot be written stays one', async (kind) => {
  written = () => Promise.reject(new Error('the database is gone'));
  expect(await ask(kind, port + 1).status).toBe(403);
  expect([reached, requests.length]).toEqual([0, 1]);
});

test.each(['request', 'tunnel'] as const)('a %s whose client has gone meanwhile does not leave', async (kind) => {
  const record = holdRecord();
  const { sent, status } = ask(kind);
  status.catch(() => undefined);
  await record.begun;
  sent.destroy();
  // The proxy is closed, and with it what the client held, before the record is written.
  await proxy.close();
  record.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  // Connections are accepted in the order they were made: after this one, an earlier one has been counted.
  await once(connect(port, '127.0.0.1').resume(), 'close');
  expect(reached).toBe(1);
});

test.each(['request', 'tunnel'] as const)('a %s that then reaches nobody is told a second time', async (kind) => {
  expect(await ask(kind, 9).status).toBe(502);
  expect(requests).toMatchObject([
    { allowed: true, refusal: null },
    { allowed: false, refusal: 'unreachable', address: null },
  ]);
});
