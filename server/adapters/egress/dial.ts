import { connect, type Socket } from 'node:net';
import { rootCertificates, connect as connectTls, type TLSSocket } from 'node:tls';
import type { NetworkRequest } from '../../domain/network/network-request.ts';
import { isPublicAddress } from './addresses.ts';
import { blocked } from './blocked.ts';
import { vouchedHosts, type EgressSettings } from './settings.ts';
import type { EgressWeakness } from './weakness.ts';

type Target = { host: string; port: number };

/** Why a connection was not made, in the words of the record and of the answer. */
export class DialError extends Error {
  readonly refusal: NonNullable<NetworkRequest['refusal']>;
  constructor(refusal: NonNullable<NetworkRequest['refusal']>, message: string) {
    super(message);
    this.refusal = refusal;
  }
}

const connectTimeoutMs = 15_000;

/** Where a connection may be made to. `shown` is what the record says of it. */
export type Way = Target & { addresses: string[]; upstream: string | null; shown: string };

/** `weakness` is for experiments. */
type Dialling = { settings: EgressSettings; weakness: EgressWeakness };

const mostAddresses = 4;

/**
 * Resolves a name once and looks at every address it stands for. A name with one address that is not public is refused
 * whole. Throws DialError.
 */
export async function lookUp({ settings, weakness }: Dialling, { host, port }: Target): Promise<Way> {
  const found = await settings.resolve(host);
  const vouched = vouchedHosts(settings).has(host);
  const barred = vouched || weakness.unlooked ? undefined : found.find((address) => !isPublicAddress(address));
  if (barred !== undefined) {
    throw new DialError('private_address', `${host} stands for ${barred}, which is not a public address`);
  }
  const { upstream } = settings;
  if (upstream !== null) return { host, port, addresses: [], upstream, shown: `${new URL(upstream).hostname} (proxy)` };
  if (found.length === 0) throw new DialError('unresolved', `${host} stands for no address`);
  const addresses = found.slice(0, mostAddresses);
  return { host, port, addresses, upstream, shown: addresses.join(', ') };
}

/** Connects to one of the addresses that were looked at, each held against the block list once more. Throws DialError. */
export async function dial({ settings, weakness }: Dialling, way: Way): Promise<Socket> {
  const { host, port, addresses, upstream } = way;
  if (upstream !== null) return dialThrough(upstream, { host, port });
  const isFree = weakness.unblocked || vouchedHosts(settings).has(host);
  let last = '';
  for (const address of addresses) {
    const made = connect({ host: address, port, ...(isFree ? {} : { blockList: blocked }) });
    const socket = await connected(made).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_IP_BLOCKED') throw new DialError('private_address', `${address} may not be connected to`);
      last = error.message;
      return null;
    });
    if (socket) return socket;
  }
  throw new DialError('unreachable', `${host}:${port} could not be reached: ${last}`);
}

function connected<S extends Socket>(socket: S, event = 'connect'): Promise<S> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error('no answer')), connectTimeoutMs);
    socket.once('error', reject).once('close', () => reject(new Error('closed')));
    socket.once(event, () => {
      clearTimeout(timer);
      socket.removeAllListeners('error').removeAllListeners('close');
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
    socket.once('close', () => clearTimeout(timer));
  });
}

/** The operator's proxy resolves by itself: it is handed the name, over a tunnel for plain requests too. */
async function dialThrough(upstream: string, { host, port }: Target): Promise<Socket> {
  const { hostname, port: upstreamPort, username, password } = new URL(upstream);
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization =
    username === '' ? '' : `Proxy-Authorization: Basic ${Buffer.from(login).toString('base64')}\r\n`;
  try {
    const socket = await connected(connect({ host: hostname, port: Number(upstreamPort || 80) }));
    socket.write(`CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}:${port}\r\n${authorization}\r\n`);
    const status = await answerOf(socket);
    if (status === 200) return socket;
    socket.destroy();
    throw new Error(`it answered ${status}`);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new DialError('unreachable', `the installation's own proxy did not lead to ${host}:${port}: ${words}`);
  }
}

/** Reads the head of the answer, byte for byte no further. */
function answerOf(socket: Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    let head = '';
    const timer = setTimeout(() => socket.destroy(), connectTimeoutMs);
    const end = (use: () => void) => {
      clearTimeout(timer);
      socket.off('readable', read).off('close', closed);
      use();
    };
    const closed = () => end(() => reject(new Error('it closed the connection')));
    const read = () => {
      for (let byte = socket.read(1) as Buffer | null; byte !== null; byte = socket.read(1) as Buffer | null) {
        head += byte.toString('latin1');
        if (head.length > 16_384) return end(() => reject(new Error('it answered at length')));
        if (head.endsWith('\r\n\r\n')) return end(() => resolve(Number(head.split(' ')[1])));
      }
    };
    socket.on('readable', read).on('close', closed);
  });
}

/** Encrypts a connection towards `host`, whose certificate must be its own. Throws DialError. */
export async function secure(settings: EgressSettings, socket: Socket, host: string): Promise<TLSSocket> {
  const ca = settings.extraCa === null ? undefined : [...rootCertificates, settings.extraCa];
  const encrypted = connectTls({ socket, servername: host, ca, ALPNProtocols: ['http/1.1'] });
  return connected(encrypted, 'secureConnect').catch((error: Error) => {
    throw new DialError('unreachable', `no secure connection to ${host}: ${error.message}`);
  });
}
