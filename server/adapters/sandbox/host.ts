import { execFile } from 'node:child_process';
import {
  access,
  constants,
  copyFile,
  cp,
  lstat,
  mkdir,
  open,
  readFile,
  readdir,
  readlink,
  rm,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../domain/errors.ts';

const run = promisify(execFile);

/** What it takes to put any process behind walls on this host. */
export type Walls = {
  bwrap: string;
  /** bubblewrap can forbid namespaces inside the sandbox (0.8 and later). */
  disablesUserns: boolean;
  /** `/bin`, `/lib` … as bubblewrap arguments: links where the host has links, read-only binds where it has folders. */
  roots: string[];
};

/** What one host offers to sandboxes, found out once per provider. */
export type Host = Walls & {
  /** Folder that becomes `/etc`. */
  etc: string;
  /** Entries of `/proc` outside the process folders that the host user could write to. */
  writableProc: string[];
  /** Folder of private device nodes to copy for each sandbox; null where the host's own are safe to show. */
  devices: string | null;
  node: string;
  npm: string | null;
  /** Descriptors Fleet was started with that its children would get too. */
  inherited: number[];
};

export const deviceMinors = { null: 3, zero: 5, full: 7, random: 8, urandom: 9, tty: 0 };

const toolFolders = ['/usr/bin', '/usr/local/bin', '/bin', '/usr/sbin', '/sbin'];

/** Absolute path of a program in the fixed system folders; null when it is not there. */
async function findTool(name: string): Promise<string | null> {
  for (const folder of toolFolders) {
    const path = join(folder, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return null;
}

export const missingBubblewrap =
  'bubblewrap is not installed. Install it with: sudo apt-get install -y bubblewrap (or your system’s package of that name).';

/** Throws `sandbox_unavailable` without bubblewrap. */
export async function findWalls(): Promise<Walls> {
  const bwrap = await findTool('bwrap');
  if (!bwrap) throw new AppError('sandbox_unavailable', missingBubblewrap);
  const [version, roots] = await Promise.all([
    run(bwrap, ['--version']).then(({ stdout }) => /(\d+)\.(\d+)/u.exec(stdout)),
    systemRoots(),
  ]);
  const disablesUserns = version !== null && Number(version[1]) * 1000 + Number(version[2]) >= 8;
  return { bwrap, disablesUserns, roots };
}

/** Looks at the host and lays out the sandbox's `/etc` and devices under `dir`. Throws as `findWalls` does. */
export async function lookAtHost(dir: string): Promise<Host> {
  const [walls, etc, writableProc, devices, npm, inherited] = await Promise.all([
    findWalls(),
    layEtc(join(dir, 'etc')),
    findWritableProc(),
    makeDevices(join(dir, 'dev')),
    findNpm(),
    findInherited(),
  ]);
  return { ...walls, etc, writableProc, devices, node: process.execPath, npm, inherited };
}

async function systemRoots(): Promise<string[]> {
  const args = ['--ro-bind', '/usr', '/usr'];
  for (const path of ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']) {
    const found = await lstat(path).catch(() => null);
    if (found?.isSymbolicLink()) args.push('--symlink', await readlink(path), path);
    else if (found?.isDirectory()) args.push('--ro-bind', path, path);
  }
  const local = await readdir('/usr/local/etc').catch(() => []);
  return local.length > 0 ? [...args, '--tmpfs', '/usr/local/etc'] : args;
}

const copied = ['ld.so.cache', 'localtime', 'mime.types', 'protocols', 'services', 'ssl/openssl.cnf'];
/** Links into `/usr`, and how a browser finds its fonts. */
const copiedFolders = ['alternatives', 'fonts'];
const certificates = ['ssl/certs/ca-certificates.crt', 'pki/tls/certs/ca-bundle.crt', 'ssl/cert.pem'];
const written = {
  passwd:
    'root:x:0:0:root:/:/bin/false\nagent:x:1000:1000:agent:/home/agent:/bin/bash\nnobody:x:65534:65534::/:/bin/false\n',
  group: 'root:x:0:\nagent:x:1000:\nnogroup:x:65534:\n',
  hosts: '127.0.0.1 localhost\n::1 localhost\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n',
};

/** A fresh `/etc` of copies and stubs: nothing that names a user, a network or a secret of the host. */
export async function layEtc(dir: string): Promise<string> {
  await rm(dir, { recursive: true, force: true });
  for (const name of [...copied, ...certificates]) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await copyFile(join('/etc', name), join(dir, name)).catch(() => undefined);
  }
  for (const name of copiedFolders) {
    await cp(join('/etc', name), join(dir, name), { recursive: true, verbatimSymlinks: true }).catch(() => undefined);
  }
  for (const [name, text] of Object.entries(written)) await writeFile(join(dir, name), text);
  return dir;
}

/**
 * When Fleet runs as root the sandbox carries root's kernel id, and bubblewrap's own cover leaves `/proc/sys` writable to
 * it. So every entry outside the process folders that holds an owner's write bit is mounted read-only.
 */
async function findWritableProc(): Promise<string[]> {
  if (process.getuid?.() !== 0) return [];
  const found: string[] = [];
  for (const entry of await readdir('/proc', { withFileTypes: true })) {
    if (/^\d+$/u.test(entry.name) || entry.isSymbolicLink()) continue;
    if (await holdsWritable(`/proc/${entry.name}`)) found.push(`/proc/${entry.name}`);
  }
  return found;
}

async function holdsWritable(path: string): Promise<boolean> {
  const info = await lstat(path).catch(() => null);
  if (!info || info.isSymbolicLink()) return false;
  if (!info.isDirectory()) return (info.mode & 0o200) !== 0;
  for (const name of await readdir(path).catch(() => [])) {
    if (await holdsWritable(join(path, name))) return true;
  }
  return false;
}

/**
 * Root only: device nodes of our own, copied per sandbox, because root's kernel id could change the mode of the host's.
 * Null where the host's nodes are safe (any other user) or nodes cannot be made or opened here.
 */
async function makeDevices(dir: string): Promise<string | null> {
  if (process.getuid?.() !== 0) return null;
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  try {
    for (const [name, minor] of Object.entries(deviceMinors)) {
      await run('mknod', ['-m', '666', join(dir, name), 'c', name === 'tty' ? '5' : '1', String(minor)]);
    }
    await (await open(join(dir, 'null'), 'w')).close();
    return dir;
  } catch {
    return null;
  }
}

/** npm's folder, next to the running Node or wherever the system's `npm` leads. */
export async function findNpm(): Promise<string | null> {
  const beside = join(dirname(process.execPath), '../lib/node_modules/npm');
  const onPath = await run('sh', ['-c', 'readlink -f "$(command -v npm)"']).then(
    ({ stdout }) => dirname(dirname(stdout.trim())),
    () => null,
  );
  for (const folder of [beside, onPath]) {
    if (folder === null) continue;
    const manifest = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
    if ((JSON.parse(manifest) as { name?: string }).name === 'npm') return folder;
  }
  return null;
}

const closeOnExec = 0o2000000;

/** Node closes what it opens itself; what it was started with goes on to every child. */
async function findInherited(): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc/self/fd')) {
    const info = await readFile(`/proc/self/fdinfo/${name}`, 'latin1').catch(() => '');
    const flags = Number.parseInt(/^flags:\s*(\d+)/mu.exec(info)?.[1] ?? '2000000', 8);
    if (Number(name) > 2 && (flags & closeOnExec) === 0) found.push(Number(name));
  }
  return found.sort((a, b) => a - b);
}
