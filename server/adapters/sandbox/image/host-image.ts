import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, readdir, readlink, realpath, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { pack, type Header, type Pack } from 'tar-stream';

type Headers = Partial<Header> & Pick<Header, 'name'>;
import { AppError } from '../../../domain/errors.ts';
import { findNpm, layEtc } from '../host.ts';
import { scratchFolder } from '../scratch.ts';
import { closureOf, packageFormat, readPackages } from './debian-closure.ts';

const run = promisify(execFile);

/** What every image holds, and what it also holds where this machine has it. */
const needed = [
  'bash',
  'coreutils',
  'dash',
  'findutils',
  'git',
  'grep',
  'libstdc++6',
  'make',
  'perl-base',
  'python3',
  'ripgrep',
  'sed',
  'tar',
];
const welcome = ['base-files', 'ca-certificates', 'chromium', 'curl', 'diffutils', 'file', 'fonts-liberation', 'gzip', 'hostname', 'libatomic1', 'libc-bin', 'mawk', 'openssl',
  'patch', 'procps', 'python3-venv', 'util-linux', 'unzip', 'xz-utils', 'zip']; // prettier-ignore
/** What native add-ons are built with. */
const compilers = ['gcc', 'g++', 'libc6-dev', 'pkg-config'];

const unwanted = /^\/(?:etc|root|home|boot|usr\/share\/(?:doc|man|locale|info|lintian|bug|common-licenses))(?:\/|$)/u;

export type HostImage = {
  /** The same for the same packages, Node and recipe. */
  tag: string;
  packages: string[];
  /** The root file system as a tar archive. May be called once. */
  archive(): Readable;
  /** Removes what was laid out on this disk. */
  close(): Promise<void>;
};

/**
 * A root file system made of the packages that are installed on this Debian or Ubuntu machine, its Node and npm: for
 * those who reach no registry. Throws `sandbox_unavailable` where that cannot be done.
 */
export async function hostImage({ withCompilers }: { withCompilers: boolean }): Promise<HostImage> {
  const installed = readPackages(await dpkg(['-W', '-f', packageFormat]));
  const lacking = needed.filter((name) => !installed.has(name));
  if (lacking.length > 0) throw unable(`Install what is missing first: apt-get install -y ${lacking.join(' ')}`);
  const packages = closureOf(installed, [...needed, ...welcome, ...(withCompilers ? compilers : [])]);
  const npm = await findNpm();
  const versions = await dpkg(['-W', '-f', '${Package} ${Version}\\n', ...packages]);
  const recipe = `recipe 2\n${versions}node ${process.version} ${process.arch}\nnpm ${await versionOf(npm)}\n`;
  const stage = await scratchFolder();
  await layEtc(join(stage, 'etc'));
  const content = pack();
  return {
    tag: `host-${createHash('sha256').update(recipe).digest('hex').slice(0, 12)}`,
    packages,
    archive: () => {
      fill(content, { packages, npm, stage }).then(
        () => content.finalize(),
        (error: Error) => content.destroy(error),
      );
      return Readable.from(content as AsyncIterable<Buffer>);
    },
    close: () => rm(stage, { recursive: true, force: true }),
  };
}

const unable = (why: string) =>
  new AppError('sandbox_unavailable', `A sandbox image cannot be made from this machine. ${why}`);

async function dpkg(args: string[]): Promise<string> {
  try {
    return (await run('dpkg-query', args, { maxBuffer: 64 * 2 ** 20 })).stdout;
  } catch {
    throw unable('It takes Debian or Ubuntu; elsewhere build deploy/sandbox/Dockerfile and name that image.');
  }
}

async function versionOf(npm: string | null): Promise<string> {
  if (npm === null) return 'none';
  return (JSON.parse(await readFile(join(npm, 'package.json'), 'utf8')) as { version: string }).version;
}

type Content = { packages: string[]; npm: string | null; stage: string };

/** Every path once, folders before what is in them: engines refuse an archive with doubles. */
async function fill(archive: Pack, { packages, npm, stage }: Content): Promise<void> {
  const seen = new Set<string>();
  const once = async (path: string, put: () => Promise<void>) => {
    if (seen.has(path)) return;
    seen.add(path);
    await put();
  };
  const folder = (path: string, header: Partial<Headers> = {}) =>
    once(path, () => putEntry(archive, { name: path, type: 'directory', mode: 0o755, ...header }));
  for (const path of ['etc', 'opt', 'opt/node', 'opt/node/bin', 'opt/node/lib', 'opt/node/lib/node_modules'])
    await folder(path);
  for (const path of ['home', 'proc', 'sys', 'dev', 'run', 'usr', 'var', 'root', 'mnt']) await folder(path);
  for (const path of ['tmp', 'var/tmp']) await folder(path, { mode: 0o1777 });
  await folder('work', { uid: 1000, gid: 1000 });
  // runc gives a tmpfs the rights of the folder below it, but not its owner.
  await folder('home/agent', { uid: 1000, gid: 1000, mode: 0o777 });
  for (const [path, source] of await rootLinks()) await once(path, () => putPath(archive, path, source));
  for (const path of await filesOf(packages)) await once(path.slice(1), () => putPath(archive, path.slice(1), path));
  await once('opt/node/bin/node', () => putPath(archive, 'opt/node/bin/node', process.execPath));
  const trees: [string, string][] = [['etc', join(stage, 'etc')]];
  if (npm !== null) {
    trees.push(['opt/node/lib/node_modules/npm', npm]);
    for (const name of ['npm', 'npx']) {
      const linkname = `../lib/node_modules/npm/bin/${name}-cli.js`;
      await once(`opt/node/bin/${name}`, () =>
        putEntry(archive, { name: `opt/node/bin/${name}`, type: 'symlink', linkname }),
      );
    }
  }
  for (const [to, from] of trees) {
    const names = await readdir(from, { recursive: true });
    await folder(to);
    for (const name of names.sort())
      await once(`${to}/${name}`, () => putPath(archive, `${to}/${name}`, join(from, name)));
  }
}

/** `/bin`, `/lib` … where they are links into `/usr`, as on this machine. */
async function rootLinks(): Promise<[string, string][]> {
  const links: [string, string][] = [];
  for (const name of ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']) {
    const found = await lstat(`/${name}`).catch(() => null);
    if (found?.isSymbolicLink()) links.push([name, `/${name}`]);
  }
  return links;
}

/** The files of packages under their true paths, with the alternatives that point to them, in order. */
async function filesOf(packages: string[]): Promise<string[]> {
  const folders = new Map<string, string>();
  const truly = async (path: string) => {
    const parent = dirname(path);
    if (!folders.has(parent)) folders.set(parent, await realpath(parent).catch(() => parent));
    return join(folders.get(parent)!, path.slice(parent.length));
  };
  const found = new Set<string>();
  for (const line of (await dpkg(['-L', ...packages])).split('\n')) {
    if (!line.startsWith('/') || line === '/.' || unwanted.test(line)) continue;
    found.add(await truly(line));
  }
  for (const path of await alternatives(found)) found.add(path);
  return [...found].filter((path) => path !== '/').sort();
}

/** `/usr/bin/awk` and its like belong to no package: links by way of `/etc/alternatives`. */
async function alternatives(found: Set<string>): Promise<string[]> {
  const links: string[] = [];
  for (const folder of ['/usr/bin', '/usr/sbin']) {
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const target = await readlink(path).catch(() => '');
      if (target.startsWith('/etc/alternatives/') && found.has(await realpath(path).catch(() => ''))) links.push(path);
    }
  }
  return links;
}

const kept = 0o7777 & ~0o6000;

/** What is gone or no plain file, folder or link is left out. No set-user-id bit goes along. */
async function putPath(archive: Pack, name: string, path: string): Promise<void> {
  const info = await lstat(path).catch(() => null);
  if (info?.isSymbolicLink()) return putEntry(archive, { name, type: 'symlink', linkname: await readlink(path) });
  const header = { name, mode: (info?.mode ?? 0) & kept, mtime: info?.mtime };
  if (info?.isDirectory()) return putEntry(archive, { ...header, type: 'directory' });
  if (!info?.isFile()) return;
  const entry = archive.entry({ ...header, uid: 0, gid: 0, type: 'file', size: info.size });
  await pipeline(createReadStream(path), entry as unknown as NodeJS.WritableStream);
}

function putEntry(archive: Pack, header: Headers): Promise<void> {
  const whole: Headers = { uid: 0, gid: 0, mtime: new Date(0), ...header };
  return new Promise((resolve, reject) => archive.entry(whole, (error) => (error ? reject(error) : resolve())));
}
