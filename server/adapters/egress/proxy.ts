import { once } from 'node:events';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { pipeline, type Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { SandboxEgress } from '../../domain/ports/sandbox.ts';
import { makeAuthority } from './authority.ts';
import { dial, DialError, lookUp } from './dial.ts';
import { absoluteTarget, forward, mustAgree } from './forward.ts';
import {
  attempt,
  looksInto,
  makeGate,
  needsAuthority,
  refusalText,
  ruleFor,
  statusOf,
  type Attempt,
  type Gate,
  type Place,
} from './gate.ts';
import { judgeTunnel } from './judge.ts';
import type { EgressSettings } from './settings.ts';
import type { EgressWeakness } from './weakness.ts';

/** `socket`: where it listens, and the only way to it. `ca`: what the sandbox must trust besides the public authorities. */
export type EgressProxy = { socket: string; ca: string | null; close(): Promise<void> };

const mostConnections = 256;

/**
 * The proxy of one sandbox, listening on a socket in `dir`, a folder that only this user can enter. Every request is
 * decided by the policy, recorded, and then sent to an address that was looked at. Where it ends, the network ends.
 */
export async function openEgressProxy(
  { dir, egress, settings }: { dir: string; egress: SandboxEgress; settings: EgressSettings },
  weakness: EgressWeakness = {},
): Promise<EgressProxy> {
  const authority = needsAuthority(egress) ? await makeAuthority(new Date()) : null;
  const gate = makeGate({ egress, settings, authority }, weakness);
  const connections = new Set<Duplex>();
  const keep = (socket: Duplex) => {
    connections.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => connections.delete(socket));
  };
  const inner = innerServer(gate);
  const server = createServer({ maxHeaderSize: 65_536, requireHostHeader: false }, (message, response) => {
    void forward(gate, { request: message, response, find: () => absoluteTarget(gate, message.url ?? '') });
  });
  server.maxConnections = mostConnections;
  server.on('connection', keep);
  server.on('connect', (message, socket, head) => void tunnel({ gate, inner, keep }, { message, socket, head }));
  server.on('clientError', (_error, socket) => refuseUnread(gate, socket));
  const folder = await listen(server, dir);
  return {
    socket: join(dir, socketName),
    ca: [settings.extraCa, authority?.pem].filter(Boolean).join('\n') || null,
    close: async () => {
      for (const one of connections) one.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await folder.close();
      await rm(join(dir, socketName), { force: true });
    },
  };
}

const socketName = 'egress.sock';

/**
 * A socket's path has at most 107 bytes; through a descriptor of its folder it is short wherever the folder is. A server
 * that closes unlinks the path it was given, so the descriptor must be its folder's until then: numbers are used anew.
 */
async function listen(server: Server, dir: string): Promise<FileHandle> {
  const folder = await open(dir, 'r');
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(`/proc/self/fd/${folder.fd}/${socketName}`, () => resolve());
    });
    return folder;
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** Written down like every other refusal, wherever it is met. */
function refuseUnread(gate: Gate, socket: Duplex, why = 'no readable request'): void {
  const place = places.get(socket)?.place ?? { host: '', port: 0 };
  const nothing = attempt(gate, { method: '', place, path: null });
  const end = () => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  void nothing.refused('malformed', why).then(end);
}

/** Where the connections of opened tunnels lead. */
const places = new WeakMap<object, { place: Place; encrypted: boolean }>();

/** Reads the requests of tunnels that were opened. Its connections are handed to it. */
function innerServer(gate: Gate): Server {
  const inner = createServer({ maxHeaderSize: 65_536, requireHostHeader: false }, (message, response) => {
    const { place, encrypted } = places.get(message.socket)!;
    const path = message.url ?? '';
    const find = () => {
      if (!/^\/[^#\\]*$/u.test(path)) throw new DialError('malformed', 'the request in the tunnel names no plain path');
      return { place, path, encrypted };
    };
    void forward(gate, { request: message, response, find });
  });
  inner.on('clientError', (_error, socket) => refuseUnread(gate, socket));
  inner.on('connect', (_message, socket) => refuseUnread(gate, socket, 'a tunnel within a tunnel'));
  return inner;
}

type Yard = { gate: Gate; inner: Server; keep(socket: Duplex): void };
type Call = { message: IncomingMessage; socket: Duplex; head: Buffer };

async function tunnel({ gate, inner, keep }: Yard, { message, socket, head }: Call): Promise<void> {
  const url = message.url ?? '';
  let tried = attempt(gate, { method: 'CONNECT', place: { host: url, port: 0 }, path: null });
  try {
    const read = gate.read(url, null);
    if (!read.ok) throw new DialError('odd_host', read.reason);
    const place = { host: read.host, port: read.port };
    tried = attempt(gate, { method: 'CONNECT', place, path: null });
    if (message.headersDistinct.host !== undefined) mustAgree(gate, message.headersDistinct.host, place, place.port);
    const open = { message, socket, head };
    if (looksInto(gate, place)) return await lookInto({ gate, inner, keep }, open, tried);
    const rule = ruleFor(gate, tried);
    if ((await judgeTunnel(gate, tried)).look) return await lookInto({ gate, inner, keep }, open, tried);
    const way = await lookUp(gate, place);
    await tried.allowed(rule, way.shown, []);
    if (socket.destroyed) return;
    const out = await dial(gate, way);
    if (socket.destroyed) return void out.destroy();
    tried.sent();
    keep(out);
    socket.write(established);
    if (head.length > 0) out.write(head);
    pipeline(socket, out, socket, () => out.destroy());
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const refusal = error instanceof DialError ? error : new DialError('unreachable', words);
    await tried.refused(refusal.refusal, refusal.message);
    const text = refusalText(refusal);
    const status = statusOf(refusal);
    const headers = [
      `X-Fleet-Refusal: ${refusal.refusal}`,
      'Content-Type: text/plain',
      `Content-Length: ${Buffer.byteLength(text)}`,
    ];
    socket.end(`HTTP/1.1 ${status} Refused\r\n${headers.join('\r\n')}\r\nConnection: close\r\n\r\n${text}`);
  }
}

/** The first bytes of what a client sends through its tunnel, left in the socket; null where it sends none. */
async function firstBytes(socket: Duplex): Promise<Buffer | null> {
  const seen = (socket.read() as Buffer | null) ?? null;
  if (seen === null) {
    if (socket.readableEnded || socket.destroyed) return null;
    await once(socket, 'readable');
    return firstBytes(socket);
  }
  socket.unshift(seen);
  return seen;
}

const tlsHandshake = 0x16;

/**
 * Ends a tunnel here, so that each request in it is decided like one outside: its TLS, or the plain text that some clients
 * send through one.
 */
async function lookInto({ gate, inner, keep }: Yard, { socket, head }: Call, tried: Attempt): Promise<void> {
  const { place } = tried;
  const secureContext = await gate.authority!.contextFor(place.host);
  socket.write(established);
  if (head.length > 0) socket.unshift(head);
  if ((await firstBytes(socket))?.[0] !== tlsHandshake) {
    places.set(socket, { place, encrypted: false });
    inner.emit('connection', socket);
    return;
  }
  const clear = new TLSSocket(socket as Socket, { isServer: true, secureContext, ALPNProtocols: ['http/1.1'] });
  keep(clear);
  const distrusted = () => void tried.refused('malformed', 'the client did not accept the proxy’s certificate');
  clear.once('error', distrusted).once('secure', () => clear.off('error', distrusted));
  places.set(clear, { place, encrypted: true });
  inner.emit('connection', clear);
}

const established = 'HTTP/1.1 200 Connection Established\r\n\r\n';
