import { AppError } from '../../domain/errors.ts';
import { netArgs, sandboxEnv, type Program } from './bwrap-args.ts';
import type { Host } from './host.ts';
import { blueprintOf } from './proof.ts';
import { hasFilter } from './seccomp.ts';
import type { Entry, Seed } from './seed.ts';

/** A network with nothing but its loopback, kept by a process for all worlds of one sandbox. */
export type NetWorld = { entry: Entry; alive(): boolean; close(): Promise<void> };

export const egressPort = 3128;

const keeper: Program = { args: ['/bin/sh', '-c', 'exec >&2; echo ready; read -r _; read -r _'], up: /^ready\n/mu };

/** Leads the sandbox's loopback to the proxy's socket; the word comes once it listens. */
const forwarder: Program = {
  args: [
    'socat',
    ...['-d', '-d', '-T', '900'],
    `TCP-LISTEN:${egressPort},bind=127.0.0.1,reuseaddr,fork,max-children=64`,
    'UNIX-CONNECT:/run/egress.sock',
  ],
  up: /listening on AF=2 /u,
};

export function netProgram(socket: string | null): Program {
  return socket === null ? keeper : forwarder;
}

type Request = {
  host: Host;
  seed: Seed;
  /** The process whose user and mount namespaces the sandbox's tree lives in, if any. */
  holder: number | null;
  /** The proxy's socket on the host. */
  socket: string | null;
};

/**
 * A world of its own for what is trusted: commands share its network and nothing else, so they neither see nor end it.
 * Its namespaces belong to the user namespace of the tree's holder, so that one world can have both.
 */
export async function openNetWorld({ host, seed, holder, socket }: Request): Promise<NetWorld> {
  const entry = holder === null ? null : { user: holder, mount: holder, net: null };
  const walls = netArgs(host, { ownsUser: holder === null, socket });
  // In a user namespace that is not its own bubblewrap leaves the bounding set, which nothing here can draw from.
  const plan = { walls, holder, env: sandboxEnv, filtered: hasFilter, opens: socket !== null };
  const blueprint = holder === null ? blueprintOf(plan) : null;
  const shell = seed.grow({ walls, line: '', entry, cpus: null, blueprint });
  const close = async () => {
    shell.stop('killed');
    await shell.ended;
  };
  try {
    await shell.ready();
    const pid = shell.pid();
    if (pid === null) throw new AppError('sandbox_unavailable', 'The network of the sandbox ended as it was made.');
    return { entry: { user: holder ?? pid, mount: holder, net: pid }, alive: shell.alive, close };
  } catch (error) {
    await close();
    throw error;
  }
}
