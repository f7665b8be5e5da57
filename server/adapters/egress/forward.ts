import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { dial, DialError, lookUp, secure } from './dial.ts';
import { attempt, refusalText, ruleFor, statusOf, type Attempt, type Gate, type Place } from './gate.ts';
import { bytesOutOf, judgeRequest } from './judge.ts';
import { inject, onward, without, type Injected } from './headers.ts';
import { vouchedHosts } from './settings.ts';
import { veil, type Veil } from './veil.ts';

export type Target = { place: Place; path: string; encrypted: boolean };

/** `http://host/path` as a client writes it to its proxy. Throws DialError. */
export function absoluteTarget({ read: readHost }: Gate, url: string): Target {
  const [, scheme, authority = '', rest = '/'] = /^(https?):\/\/([^/?#\\]*)(\/[^#\\]*)?$/i.exec(url) ?? [];
  if (scheme === undefined) throw new DialError('malformed', 'the request does not name a whole http or https address');
  const encrypted = scheme.toLowerCase() === 'https';
  const read = readHost(authority, encrypted ? 443 : 80);
  if (!read.ok) throw new DialError('odd_host', read.reason);
  return { place: { host: read.host, port: read.port }, path: rest, encrypted };
}

/** The only Host header must say what the address says. Throws DialError. */
export function mustAgree(gate: Gate, hosts: string[] | undefined, place: Place, defaultPort: number): void {
  const { host, port } = place;
  if (hosts?.length !== 1) throw new DialError('malformed', 'the request must have one Host header');
  const read = gate.read(hosts[0]!, defaultPort);
  if (!read.ok) throw new DialError('odd_host', `in the Host header, ${read.reason}`);
  if (read.host !== host || read.port !== port) {
    throw new DialError('malformed', 'the Host header and the address of the request do not agree');
  }
}

/** Decides one request, sends it on and its answer back. `find` says where it is meant to go. Never throws. */
export async function forward(
  gate: Gate,
  { request, response, find }: { request: IncomingMessage; response: ServerResponse; find: () => Target },
): Promise<void> {
  const method = request.method ?? '';
  let tried: Attempt = attempt(gate, { method, place: shownPlace(request), path: null });
  try {
    const target = find();
    tried = attempt(gate, { method, place: target.place, path: target.path });
    mustAgree(gate, request.headersDistinct.host, target.place, target.encrypted ? 443 : 80);
    await send(gate, { request, response, target, tried });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const refusal = error instanceof DialError ? error : new DialError('unreachable', words);
    await tried.refused(refusal.refusal, refusal.message);
    answer(response, refusal);
    request.resume();
  }
}

/** For the record of a request that could not be read. */
function shownPlace(request: IncomingMessage): Place {
  const shown = /^https?:\/\/([^/?#]*)/iu.exec(request.url ?? '')?.[1] ?? request.headers.host ?? '';
  return { host: shown.replaceAll(/[^\x21-\x7e]/gu, '?'), port: 0 };
}

function answer(response: ServerResponse, refusal: DialError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(statusOf(refusal), { 'content-type': 'text/plain', 'x-fleet-refusal': refusal.refusal });
  response.end(refusalText(refusal));
}

type Sending = { request: IncomingMessage; response: ServerResponse; target: Target; tried: Attempt };

async function send(gate: Gate, { request, response, target, tried }: Sending): Promise<void> {
  const { place, path, encrypted } = target;
  const rule = ruleFor(gate, tried);
  await judgeRequest(gate, tried, { encrypted, bytesOut: bytesOutOf(request) });
  const { headers, used } = prepare(gate, { request, target });
  const way = await lookUp(gate, place);
  const injected = used.map(({ name }) => name);
  await tried.allowed(rule, way.shown, injected);
  if (request.socket.destroyed) return;
  const socket = await dial(gate, way);
  const stream: Duplex = encrypted ? await secure(gate.settings, socket, place.host) : socket;
  tried.sent();
  if (request.socket.destroyed) return void stream.destroy();
  const out = httpRequest({ createConnection: () => stream, method: request.method, path, headers, setHost: false });
  const hidden = used.length > 0 ? veil(used) : null;
  await new Promise<void>((resolve, reject) => {
    out.once('error', reject);
    out.once('response', (answered) => giveBack({ answered, response, hidden }));
    response.once('close', () => {
      out.destroy();
      stream.destroy();
      resolve();
    });
    request.pipe(out);
  });
}

/** The headers that go out, and the secrets in them. Throws DialError for a secret that would go in the clear. */
function prepare(gate: Gate, { request, target }: Pick<Sending, 'request' | 'target'>): Injected {
  const { place, encrypted } = target;
  const { headers, used } = inject(onward(request.rawHeaders), place, gate.egress.credentials);
  const [first] = used;
  if (first && !encrypted && !vouchedHosts(gate.settings).has(place.host)) {
    throw new DialError('unencrypted', `the secret ${first.name} goes to ${place.host} over https only`);
  }
  // What comes back is looked through, so it has to come as it is.
  const sent = without(headers, used.length === 0 ? ['content-length'] : ['content-length', 'accept-encoding']);
  const plain = used.length === 0 ? sent : [...sent, 'Accept-Encoding', 'identity'];
  const length = lengthOf(request);
  return { headers: [...plain, ...length, 'Connection', 'close'], used };
}

/**
 * How long the body is, as it was read here and no other way: sent without that, it would be a request of its own to whoever
 * reads it, which nothing decided on.
 */
function lengthOf({ headers }: IncomingMessage): string[] {
  if (headers['transfer-encoding'] !== undefined) return ['Transfer-Encoding', 'chunked'];
  const length = headers['content-length'];
  return length === undefined ? [] : ['Content-Length', length];
}

type Returning = { answered: IncomingMessage; response: ServerResponse; hidden: Veil | null };

function giveBack({ answered, response, hidden }: Returning): void {
  const headers = onward(answered.rawHeaders);
  const status = answered.statusCode ?? 502;
  answered.once('error', () => response.destroy());
  if (hidden === null) {
    response.writeHead(status, answered.statusMessage, headers);
    answered.pipe(response);
    return;
  }
  const clear = without(headers, ['content-length']).map((part) => hidden.text(part));
  response.writeHead(status, hidden.text(answered.statusMessage ?? ''), clear);
  answered.pipe(hidden.body()).pipe(response);
}
