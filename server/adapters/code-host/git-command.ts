import { spawn } from 'node:child_process';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import { wallArgs } from '../sandbox/bwrap-args.ts';
import { findWalls, type Walls } from '../sandbox/host.ts';
import { entering, placeOf } from '../sandbox/place.ts';
import type { GitWeakness } from './weakness.ts';

/** Where git runs: behind walls without network, behind walls with it, or as any process (a remote on this machine). */
export type Reach = 'walls' | 'network' | 'host';

export type GitCall = {
  args: string[];
  /** Host folders git may see besides the system, at their own paths; one in a holder's namespaces at its path there. */
  folders?: { path: string; writable: boolean }[];
  env?: Record<string, string>;
  input?: string | Uint8Array;
  reach?: Reach;
  timeoutMs?: number;
  /** Output beyond this is not kept; the call then says `cut`. */
  maxBytes?: number;
  /** No file that git writes gets longer: the kernel ends whoever tries. */
  maxFileBytes?: number;
};

/** `code` is null when git was stopped at its time limit. */
export type GitResult = { code: number | null; stdout: Buffer; stderr: string; cut: boolean };

export type Git = (call: GitCall) => Promise<GitResult>;

const tuning = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.attributesFile': '/dev/null',
  'core.excludesFile': '/dev/null',
  'core.quotePath': 'false',
  'core.fileMode': 'true',
  // Each of these can hide a change from whoever compares.
  'core.ignoreStat': 'false',
  'core.checkStat': 'default',
  'core.trustctime': 'true',
  'core.ignoreCase': 'false',
  // Packs are looked at through windows, which count as memory.
  'core.packedGitWindowSize': '64m',
  'core.packedGitLimit': '1g',
  'core.sparseCheckout': 'false',
  'core.symlinks': 'true',
  'core.protectHFS': 'true',
  'core.protectNTFS': 'true',
  'core.pager': 'cat',
  'credential.helper': '',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'submodule.recurse': 'false',
  'diff.ignoreSubmodules': 'all',
  'diff.renames': 'true',
  'diff.noprefix': 'false',
  'diff.mnemonicPrefix': 'false',
  'diff.algorithm': 'myers',
  'http.lowSpeedLimit': '1',
  'http.lowSpeedTime': '60',
  'commit.gpgSign': 'false',
  'fetch.fsckObjects': 'true',
  // Old, harmless faults that many repositories carry.
  'fetch.fsck.zeroPaddedFilemode': 'ignore',
  'fetch.fsck.missingSpaceBeforeDate': 'ignore',
  'fetch.fsck.badTimezone': 'ignore',
  'fetch.fsck.missingEmail': 'ignore',
  'fetch.fsck.badEmail': 'ignore',
  'fetch.fsck.missingNameBeforeEmail': 'ignore',
};

/** git's whole environment: no user, no system configuration, no question to anybody. */
const gitEnv: Record<string, string> = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '/bin/false',
  SSH_ASKPASS: '/bin/false',
  GIT_SSH_VARIANT: 'ssh',
  // Set, and empty: `core.gitProxy` names a command.
  GIT_PROXY_COMMAND: '',
  GIT_SSH_COMMAND: 'ssh -oBatchMode=yes -oConnectTimeout=20 -oStrictHostKeyChecking=yes -oClearAllForwardings=yes',
  GIT_ALLOW_PROTOCOL: '',
  GIT_PROTOCOL_FROM_USER: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_EDITOR: '/bin/false',
  GIT_PAGER: 'cat',
};

const networkFiles = ['resolv.conf', 'hosts', 'nsswitch.conf', 'host.conf', 'services', 'protocols', 'passwd', 'group'];
const trustFolders = ['ssl', 'pki', 'ca-certificates', 'ssh/ssh_known_hosts'];

const localTimeoutMs = 120_000;
const defaultMaxBytes = 64 * 1024 * 1024;

/**
 * A runner of git; `sshKeys` lets it use the SSH keys of the user Fleet runs as, which only the operator may. `weakness` is
 * for experiments.
 */
export function gitRunner({ sshKeys }: { sshKeys: boolean }, weakness: GitWeakness = {}): Git {
  let ready: Promise<Walls> | null = null;
  return async (call) => {
    ready ??= prepare();
    // It may be installed meanwhile: a failure is not remembered.
    ready.catch(() => (ready = null));
    const walls = await ready;
    const bounds = boundsOf(call);
    const bound = bounds.length === 0 ? [] : ['prlimit', ...bounds, '--'];
    const git = ['git', ...believed(weakness, call), ...(weakness.untuned ? [] : settings), ...call.args];
    const isBare = call.reach === 'host' || weakness.unconfined === true;
    return run([...bound, ...(isBare ? git : confine(walls, git, call, sshKeys))], call, envOf(call, weakness));
  };
}

/** What an agent made is read with so much memory at most: git holds whole files of rules, of every folder on the way. */
const treeMemoryBytes = 4 * 2 ** 30;

function boundsOf({ maxFileBytes, env }: GitCall): string[] {
  const files = maxFileBytes === undefined ? [] : [`--fsize=${maxFileBytes}`];
  return env?.['GIT_WORK_TREE'] === undefined ? files : [...files, `--as=${treeMemoryBytes}`];
}

function believed({ believing }: GitWeakness, { env }: GitCall): string[] {
  const tree = env?.['GIT_WORK_TREE'];
  return believing && tree !== undefined ? ['-c', `include.path=${tree}/.git/config`] : [];
}

function envOf(call: GitCall, { untuned }: GitWeakness): Record<string, string> {
  if (!untuned) return { ...gitEnv, ...call.env };
  const { PATH = '', HOME = '', LC_ALL = '', GIT_TERMINAL_PROMPT = '' } = gitEnv;
  const own = Object.entries(call.env ?? {}).filter(([name]) => name !== 'GIT_ALLOW_PROTOCOL');
  return { PATH, HOME, LC_ALL, GIT_TERMINAL_PROMPT, ...Object.fromEntries(own) };
}

const settings = Object.entries(tuning).flatMap(([key, value]) => ['-c', `${key}=${value}`]);

/** Older gits lack `merge-tree --write-tree` and `patch-id --verbatim`. */
async function prepare(): Promise<Walls> {
  const { stdout } = await run(['git', '--version'], { args: [] }, gitEnv);
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/u.exec(stdout.toString('latin1')) ?? [];
  if (Number(major) * 1000 + Number(minor) < 2039) {
    throw new AppError('unavailable', `git ${major}.${minor} is too old. Install git 2.39 or later.`);
  }
  return findWalls();
}

function confine(walls: Walls, git: string[], call: GitCall, sshKeys: boolean): string[] {
  const network = call.reach === 'network';
  const etc = ['ld.so.cache', ...(network ? [...networkFiles, ...trustFolders] : [])].map((name) => `/etc/${name}`);
  const readable = [...etc, ...(network && sshKeys ? [join(userInfo().homedir, '.ssh')] : [])];
  const folders = (call.folders ?? []).map(({ path, writable }) => ({ ...placeOf(path), writable }));
  return [
    ...entering(folders.find(({ holder }) => holder !== null)?.holder ?? null),
    walls.bwrap,
    ...wallArgs(walls, { network }),
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...readable.flatMap((path) => ['--ro-bind-try', path, path]),
    ...folders.flatMap(({ path, writable }) => [writable ? '--bind' : '--ro-bind', path, path]),
    ...['--remount-ro', '/', '--chdir', '/tmp', '--'],
    ...git,
  ];
}

function run([file, ...args]: string[], call: GitCall, only: Record<string, string>): Promise<GitResult> {
  const { promise, resolve, reject } = Promise.withResolvers<GitResult>();
  const env = only as unknown as NodeJS.ProcessEnv;
  const child = spawn(file!, args, { env, cwd: '/', detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const out = collect(call.maxBytes ?? defaultMaxBytes);
  const complaints = collect(64 * 1024);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    // The whole group: git leaves its transport helpers to themselves.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, call.timeoutMs ?? localTimeoutMs);
  child.stdout.on('data', out.push);
  child.stderr.on('data', complaints.push);
  child.stdin.on('error', () => undefined);
  child.stdin.end(call.input);
  child.once('error', (error) => {
    clearTimeout(timer);
    reject(new AppError('unavailable', `git could not be started: ${error.message}. Install git 2.39 or later.`));
  });
  child.once('close', (code) => {
    clearTimeout(timer);
    const stderr = late ? 'timed out' : complaints.bytes().toString('utf8');
    resolve({ code: late ? null : code, stdout: out.bytes(), stderr, cut: out.cut() });
  });
  return promise;
}

function collect(max: number) {
  const chunks: Buffer[] = [];
  let kept = 0;
  let cut = false;
  return {
    push: (chunk: Buffer) => {
      const part = chunk.subarray(0, max - kept);
      cut ||= part.length < chunk.length;
      kept += part.length;
      if (part.length > 0) chunks.push(part);
    },
    bytes: () => Buffer.concat(chunks),
    cut: () => cut,
  };
}
