import type { SandboxLimits } from '../../domain/ports/sandbox.ts';
import { deviceMinors, type Host, type Walls } from './host.ts';

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

/** Host folders of one sandbox: what becomes `/work`, and its private device nodes if it has any. */
type SandboxFolders = { work: string; devices: string | null };

/** Arguments of bubblewrap for one command of an agent. */
export function sandboxArgs(host: Host, folders: SandboxFolders): string[] {
  return [
    ...wallArgs(host, { network: false }),
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
    '--remount-ro',
    '/',
    '--chdir',
    '/work',
    // The shell itself is process 1: when bubblewrap reports its end, the kernel has already ended every other process.
    '--as-pid-1',
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

/** Process 1 only waits: its end is the end of every other process. The smallest shell starts fastest. */
const first = `/bin/bash --noprofile --norc -c "$1" bash; exit $?`;

/** Takes its limits, says it is up, reads one command (length in bytes, whether input follows, its text) and runs it. */
const second = [
  'read -r f p m || exit 125; ulimit -c 0; ulimit -f $f; ulimit -u $p; ulimit -d $m; unset f p m; echo ready >&2; exec 2>&1',
  'read -r n f && LC_ALL=C read -r -N "$n" || exit 125; [ "$f" = i ] || exec </dev/null; unset n f; eval "$REPLY"',
].join('; ');

/** The waiting shell's command line. */
export function shellArgs(): string[] {
  return ['/bin/sh', '-c', first, 'sh', second];
}

/** The first line the shell reads. Memory is held per process only where `memoryHeld` says nothing better holds it. */
export function limitsLine(limits: SandboxLimits, memoryHeld: boolean): string {
  const kib = (bytes: number) => String(Math.ceil(bytes / 1024));
  return `${kib(limits.fileBytes)} ${limits.processes} ${memoryHeld ? 'unlimited' : kib(limits.memoryBytes)}`;
}

/** The second line, before the command itself. */
export function commandHeader(command: string, hasInput: boolean): string {
  return `${Buffer.byteLength(command)} ${hasInput ? 'i' : 'n'}\n`;
}
