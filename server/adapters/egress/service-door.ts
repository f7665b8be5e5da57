import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';
import { readAuthority } from '../../domain/network/read-host.ts';
import { dial, DialError, lookUp } from './dial.ts';
import type { EgressSettings } from './settings.ts';

/** What the door answers where a name leads inwards. */
export const doorClosed = 403;

/** The address of a proxy that leads to the hosts of one domain and nowhere else. */
export type ServiceDoor = (domain: string) => Promise<string>;

/**
 * A way out for clients of services whose domain a tenant typed and that take the address of a proxy: CONNECT to names
 * below that domain, at its one port, at public addresses that were looked at. Whoever does not know a domain's token is
 * refused, so nobody else on this machine walks through. It opens with the first domain and ends with the process.
 */
export function serviceDoor(settings: EgressSettings): ServiceDoor {
  const domains = new Map<string, string>();
  const tokens = new Map<string, string>();
  const server = createServer((_message, response) => void response.writeHead(403).end());
  server.on('connect', (message, socket, head) => void lead({ message, socket, head }));
  const lead = async ({ message, socket, head }: Call) => {
    socket.on('error', () => socket.destroy());
    try {
      const place = mustBeBelow(domains.get(tokenIn(message)), message.url ?? '');
      const out = await dial({ settings, weakness: {} }, await lookUp({ settings, weakness: {} }, place));
      if (socket.destroyed) return void out.destroy();
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      if (head.length > 0) out.write(head);
      pipeline(socket, out, socket, () => out.destroy());
    } catch (error) {
      const refusal = error instanceof DialError ? error.refusal : 'unreachable';
      socket.end(`HTTP/1.1 ${statuses[refusal] ?? 502} ${refusal}\r\nConnection: close\r\n\r\n`);
    }
  };
  let port: Promise<number> | null = null;
  return async (domain) => {
    const at = await (port ??= listen(server));
    const token = tokens.get(domain) ?? randomBytes(32).toString('hex');
    tokens.set(domain, token);
    domains.set(token, domain);
    return `http://fleet:${token}@127.0.0.1:${at}`;
  };
}

/** Clients tell no more than the number. */
const statuses: Partial<Record<DialError['refusal'], number>> = {
  private_address: doorClosed,
  odd_host: 400,
  no_rule: 407,
};

type Call = { message: IncomingMessage; socket: Duplex; head: Buffer };

function tokenIn({ headers }: IncomingMessage): string {
  const [, encoded = ''] = /^Basic (\S+)$/iu.exec(headers['proxy-authorization'] ?? '') ?? [];
  return Buffer.from(encoded, 'base64')
    .toString('latin1')
    .replace(/^fleet:/u, '');
}

function mustBeBelow(domain: string | undefined, target: string): { host: string; port: number } {
  if (domain === undefined) throw new DialError('no_rule', 'it is nobody’s request');
  const [name = '', port = '443'] = domain.split(':');
  const read = readAuthority(target, null);
  if (!read.ok) throw new DialError('odd_host', read.reason);
  const isBelow = read.host === name || read.host.endsWith(`.${name}`);
  if (!isBelow || read.port !== Number(port)) throw new DialError('no_rule', `${target} is not part of ${domain}`);
  return read;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    server.unref();
  });
}
