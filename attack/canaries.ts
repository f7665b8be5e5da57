import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { createServer, type ListenOptions, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Closing } from './case.ts';

/** Things outside the walls that must not be touched, and that tell when they were. */
export type Canaries = {
  /** A folder of the host with the file `secret` in it. */
  folder: string;
  /** A process of the host; its secret is in its command line and its environment. */
  pid: number;
  tcp4: number;
  tcp6: number | null;
  udp: number;
  /** An address of this machine that is not loopback, and a port that listens there. */
  outward: { address: string; port: number } | null;
  unixPath: string;
  abstractName: string;
  /** A secret to plant somewhere; `name` says where, should it come out. */
  secret(name: string): string;
  /** One more folder whose files must stay as they are. */
  watch(folder: string): void;
  /** One more process that must live. */
  guard(pid: number, name: string): void;
  /** Something else that may not be: resolves with it in words, or null. */
  forbid(look: () => string | null): void;
  /** What happened since the last look, in words. Empty when nothing did. */
  look(): Promise<string[]>;
  /** Names of the planted secrets that stand in a text, plainly or in base64 or hex. */
  secretsIn(text: string): string[];
};

/** Sets the canaries out under `root`, an empty folder. */
export async function setCanaries(root: string, closing: Closing): Promise<Canaries> {
  const secrets = new Map<string, string>();
  const secret = (name: string) => {
    const value = `canary-${randomBytes(12).toString('hex')}`;
    secrets.set(name, value);
    return value;
  };
  const folder = join(root, 'outside');
  mkdirSync(folder);
  writeFileSync(join(folder, 'secret'), `${secret('file')}\n`, { mode: 0o644 });
  writeFileSync(join(folder, 'tool.sh'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const hits: string[] = [];
  const doors = await openDoors({ root, secret, closing, hit: (name) => hits.push(name) });
  const child = await startProcess(secret, closing);
  const watched = new Map([[folder, stateOf(folder)]]);
  const guarded = new Map([[child.pid!, 'the process']]);
  const forbidden: (() => string | null)[] = [];
  return {
    folder,
    pid: child.pid!,
    ...doors,
    secret,
    watch: (more) => void watched.set(more, stateOf(more)),
    guard: (pid, name) => void guarded.set(pid, name),
    forbid: (look) => void forbidden.push(look),
    async look() {
      // What a listener was sent arrives after what was said to have been sent.
      await new Promise((resolve) => setTimeout(resolve, 5));
      const seen = hits.splice(0).map((name) => `it was reached: ${name}`);
      for (const [path, before] of watched) {
        const now = stateOf(path);
        if (now !== before) seen.push(`it was changed: ${firstChange(before, now)}`);
        watched.set(path, now);
      }
      seen.push(...forbidden.map((look) => look()).filter((words) => words !== null));
      for (const [pid, name] of guarded) {
        const state = processState(pid);
        if (state === 'S' || state === 'R' || state === 'D' || state === 'I') continue;
        seen.push(`it was hurt: ${name} (${state ?? 'gone'})`);
        guarded.delete(pid);
      }
      return seen;
    },
    secretsIn: (text) =>
      [...secrets].filter(([, value]) => spellings(value).some((one) => text.includes(one))).map(([name]) => name),
  };
}

function spellings(value: string): string[] {
  const bytes = Buffer.from(value);
  return [value, bytes.toString('hex'), bytes.toString('base64').replace(/=+$/u, '').slice(0, -1)];
}

type Doors = Pick<Canaries, 'tcp4' | 'tcp6' | 'udp' | 'outward' | 'unixPath' | 'abstractName'>;
type Making = { root: string; secret: (name: string) => string; closing: Closing; hit: (name: string) => void };

/** Listeners that answer whoever reaches them with a secret. */
async function openDoors({ root, secret, closing, hit }: Making): Promise<Doors> {
  const door = async (name: string, options: ListenOptions) => {
    const words = secret(name);
    const server = createServer((socket) => {
      hit(name);
      socket.on('error', () => undefined);
      socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${words}\n`, () => socket.destroySoon());
    });
    await listen(server, options);
    closing(async () => void server.close());
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  const unixPath = join(root, 'service.sock');
  const abstractName = `fleet-canary-${randomBytes(6).toString('hex')}`;
  const [own] = Object.values(networkInterfaces())
    .flat()
    .filter((one) => one?.family === 'IPv4' && !one.internal);
  const tcp4 = await door('TCP on loopback', { host: '127.0.0.1', port: 0 });
  await door('a socket in the file system', { path: unixPath });
  await door('an abstract socket', { path: `\0${abstractName}` });
  return {
    tcp4,
    tcp6: await door('TCP on IPv6 loopback', { host: '::1', port: 0 }).catch(() => null),
    outward: own
      ? { address: own.address, port: await door('TCP on this machine', { host: own.address, port: 0 }) }
      : null,
    udp: await udpDoor(closing, hit),
    unixPath,
    abstractName,
  };
}

function listen(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, resolve);
  });
}

async function udpDoor(closing: Closing, hit: (name: string) => void): Promise<number> {
  const socket = createSocket('udp4');
  socket.on('message', () => hit('UDP on loopback'));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  closing(async () => socket.close());
  return socket.address().port;
}

async function startProcess(secret: (name: string) => string, closing: Closing): Promise<ChildProcess> {
  const env = { PATH: '/usr/bin:/bin', CANARY: secret('environment of a process') } as unknown as NodeJS.ProcessEnv;
  const child = spawn('/bin/sh', ['-c', 'echo up; exec tail -f /dev/null', secret('command line of a process')], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  closing(async () => child.kill('SIGKILL'));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

function processState(pid: number): string | null {
  try {
    return /^State:\s*(\S)/mu.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? null;
  } catch {
    return null;
  }
}

/** One line per file below a folder: name, mode, size, owner and what it holds. */
function stateOf(folder: string): string {
  const lines: string[] = [];
  const visit = (path: string) => {
    const info = lstatSync(path);
    lines.push(`${path} ${info.mode.toString(8)} ${info.uid} ${info.nlink} ${info.isFile() ? contentOf(path) : ''}`);
    if (info.isSymbolicLink()) lines.push(`${path} -> ${readlinkSync(path)}`);
    if (info.isDirectory()) for (const name of readdirSync(path).toSorted()) visit(join(path, name));
  };
  try {
    visit(folder);
  } catch (error) {
    lines.push(String(error));
  }
  return lines.join('\n');
}

function contentOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
}

function firstChange(before: string, now: string): string {
  const old = new Set(before.split('\n'));
  const line = now.split('\n').find((one) => !old.has(one)) ?? before.split('\n').find((one) => !now.includes(one));
  return (line ?? 'something').slice(0, 200);
}
