import type { SandboxLimits, SandboxMount } from '../../domain/ports/sandbox.ts';
import { deviceMinors, type Host, type Walls } from './host.ts';
import { stateReport } from './shell-state.ts';

const sandboxPath = '/opt/node/bin:/usr/local/bin:/usr/bin:/bin';

/** All a command sees of an environment; bash adds PWD, SHLVL and _. */
export const sandboxEnv = { PATH: sandboxPath, HOME: '/home/agent', LANG: 'C.UTF-8', CI: '1' };

const scratchBytes = 512 * 1024 * 1024;

/** Namespaces, identity and lifetime: what every confined process on the host gets, with or without network. */
export function wallArgs(host: Walls, { network }: { network: boolean }): string[] {
  return [
    '--unshare-all',
    '--unshare-user',
    ...(network ? ['--share-net'] : []),
    ...(host.disablesUserns ? ['--disable-userns'] : []),
    '--cap-drop',
    'ALL',
    '--new-session',
    '--die-with-parent',
    ...host.roots,
  ];
}

/** A fresh `/proc` and `/dev` in which nothing of the host can be changed, not even by the kernel's root id. */
function kernelArgs(host: Host, devices: string | null): string[] {
  return [
    '--proc',
    '/proc',
    ...host.writableProc.flatMap((path) => ['--ro-bind', path, path]),
    '--dev',
    '/dev',
    ...(devices === null ? [] : Object.keys(deviceMinors)).flatMap((name) => [
      '--dev-bind',
      `${devices}/${name}`,
      `/dev/${name}`,
    ]),
    ...scratch('/dev/shm'),
    '--remount-ro',
    '/dev',
  ];
}

function scratch(path: string): string[] {
  return ['--size', String(scratchBytes), '--tmpfs', path];
}

/** Host folders of one sandbox: what becomes `/work`, its private device nodes if it has any, what else it may read. */
export type SandboxFolders = {
  work: string;
  devices: string | null;
  mounts: SandboxMount[];
  /** The network of the world that bubblewrap is started in, instead of an empty one. */
  sharesNet: boolean;
};

/** Arguments of bubblewrap for one command of an agent. */
export function sandboxArgs(host: Host, folders: SandboxFolders): string[] {
  return [
    ...wallArgs(host, { network: folders.sharesNet }),
    '--uid',
    '1000',
    '--gid',
    '1000',
    '--hostname',
    'sandbox',
    '--ro-bind',
    host.etc,
    '/etc',
    ...kernelArgs(host, folders.devices),
    ...scratch('/tmp'),
    '--symlink',
    '/tmp',
    '/var/tmp',
    ...scratch('/home/agent'),
    '--ro-bind',
    host.node,
    '/opt/node/bin/node',
    ...npmArgs(host.npm),
    '--bind',
    folders.work,
    '/work',
    ...folders.mounts.flatMap(({ from, to }) => ['--ro-bind', from, to]),
    '--remount-ro',
    '/',
    '--chdir',
    '/work',
    // The shell itself is process 1: when bubblewrap reports its end, the kernel has already ended every other process.
    '--as-pid-1',
  ];
}

/** Arguments of bubblewrap for the keeper of a sandbox's network, which may lead to one socket of the host. */
export function netArgs(host: Host, { ownsUser, socket }: { ownsUser: boolean; socket: string | null }): string[] {
  return [
    // Where the network must belong to a user namespace that is there already, none is made.
    ...(ownsUser ? ['--unshare-user', '--uid', '0', '--gid', '0'] : []),
    ...['--unshare-net', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
    ...['--cap-drop', 'ALL', '--new-session', '--die-with-parent', '--as-pid-1'],
    ...host.roots,
    ...['--ro-bind', `${host.etc}/ld.so.cache`, '/etc/ld.so.cache', '--dir', '/run'],
    ...(socket === null ? [] : ['--bind', socket, '/run/egress.sock']),
    ...['--remount-ro', '/', '--chdir', '/'],
  ];
}

function npmArgs(npm: string | null): string[] {
  if (npm === null) return [];
  const folder = '/opt/node/lib/node_modules/npm';
  return [
    '--ro-bind',
    npm,
    folder,
    '--symlink',
    `${folder}/bin/npm-cli.js`,
    '/opt/node/bin/npm',
    '--symlink',
    `${folder}/bin/npx-cli.js`,
    '/opt/node/bin/npx',
  ];
}

/** What runs behind the walls, and how its first words say that it is up. */
export type Program = { args: string[]; up: RegExp };

/** Process 1 only waits: its end is the end of every other process. The smallest shell starts fastest. */
const first = `/bin/bash --noprofile --norc -c "$1" bash; exit $?`;

/**
 * Takes its limits, says it is up, reads a header, a prologue and a command, and runs them. Limits come first: nothing of
 * the agent's is there yet to lift them. What a kept shell reports goes to descriptor 5.
 */
const second = [
  'read -r f p m || exit 125; ulimit -c 0; ulimit -n 8192 2>/dev/null; ulimit -f $f; ulimit -u $p; ulimit -d $m; unset f p m; echo ready >&2',
  'read -r s n i k t || exit 125; ulimit -t $t; if [ $k = k ]; then exec 5>&2 2>&1; else exec 2>&1; fi',
  'REPLY=; [ $s = 0 ] || LC_ALL=C read -r -N $s || exit 125; set -- "$REPLY"',
  'LC_ALL=C read -r -N $n || exit 125; set -- "$1" "$REPLY"; [ $i = i ] || exec </dev/null',
  `[ $k != k ] || trap -- '${stateReport}' EXIT; unset s n i k t REPLY; eval "$1"; shift; eval "set --; $1"`,
].join('; ');

/** A waiting shell that runs one command. */
export const shellProgram: Program = { args: ['/bin/sh', '-c', first, 'sh', second], up: /^ready\n/mu };

/** The first line the shell reads. Memory is held per process only where `memoryHeld` says nothing better holds it. */
export function limitsLine(limits: SandboxLimits, memoryHeld: boolean): string {
  const kib = (bytes: number) => String(Math.ceil(bytes / 1024));
  return `${kib(limits.fileBytes)} ${limits.processes} ${memoryHeld ? 'unlimited' : kib(limits.memoryBytes)}`;
}

/** One command as the shell reads it. `prologue` is bash text that runs first, in the same shell. */
export type ShellCommand = {
  prologue: Uint8Array;
  command: string;
  hasInput: boolean;
  keeps: boolean;
  /** Of processor time, for each process; null where nothing need be set. */
  cpuSeconds: number | null;
};

export function commandBytes({ prologue, command, hasInput, keeps, cpuSeconds }: ShellCommand): Uint8Array {
  const flags = `${hasInput ? 'i' : 'n'} ${keeps ? 'k' : 'f'} ${cpuSeconds ?? 'unlimited'}`;
  const header = `${prologue.length} ${Buffer.byteLength(command)} ${flags}\n`;
  return Buffer.concat([Buffer.from(header), prologue, Buffer.from(command)]);
}
