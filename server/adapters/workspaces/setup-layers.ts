import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import { isGitName } from '../../domain/scope/work-path.ts';
import { fromBytes, lookAt, toBytes, type BytePath } from './bytes-path.ts';
import { sharedFolders, type Shared } from './checkouts.ts';

/** What set-up left in a work tree, as trees stand on it. `files` is never written in again. */
export type SetupLayer = {
  files: string;
  /** The topmost paths it made; no file of the commit lies at or below one. */
  made: BytePath[];
  /** Files of the commit that set-up changed. Trees have them as the commit has. */
  leftOut: string[];
};

export type SetupLayers = Pick<Shared, 'mirrors' | 'collect'> & {
  /** Throws `sandbox_unavailable` where it is gone. */
  get(mirror: string, key: string): Promise<SetupLayer>;
  /** Made by `make` in an empty folder, unless it is there. */
  ensure(of: { mirror: string; key: string; make: (into: string) => Promise<void> }): Promise<SetupLayer>;
};

const record = z.object({ made: z.array(z.string()), leftOut: z.array(z.string()) });

/** Layers under `root/<mirror>/<key>`: what they are in `layer.json`, their files in `files`. */
export function setupLayers(root: string): SetupLayers {
  const shared = sharedFolders(root);
  const read = async (dir: string): Promise<SetupLayer> => {
    const text = await readFile(join(dir, 'layer.json'), 'utf8');
    return { files: join(dir, 'files'), ...record.parse(JSON.parse(text)) };
  };
  const gone = () =>
    Promise.reject(
      new AppError(
        'sandbox_unavailable',
        'The set-up of this repo is gone from this server. Try again: it is made anew.',
      ),
    );
  return {
    mirrors: shared.mirrors,
    collect: shared.collect,
    get: async (mirror, key) => read(await shared.ensure({ mirror, name: key, make: gone })),
    ensure: async ({ mirror, key, make }) => read(await shared.ensure({ mirror, name: key, make })),
  };
}

type Taking = { tree: string; into: string; tracked: Iterable<BytePath> };

/** Copies all that is in a tree and not in its commit; `leftOut` is asked for once it is known what that is. */
export async function takeLayer(
  { tree, into, tracked }: Taking,
  leftOut: (made: BytePath[]) => Promise<string[]>,
): Promise<void> {
  const made = await madeIn(toBytes(tree), tracked);
  const files = join(into, 'files');
  await mkdir(files);
  await copyPaths({ from: tree, into: files, paths: made });
  await writeFile(join(into, 'layer.json'), JSON.stringify({ made, leftOut: await leftOut(made) }));
}

async function madeIn(root: BytePath, tracked: Iterable<BytePath>): Promise<BytePath[]> {
  const files = new Set(tracked);
  const folders = new Set<BytePath>();
  for (const path of files) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) folders.add(path.slice(0, at));
  }
  const made: BytePath[] = [];
  const walk = async (folder: BytePath): Promise<void> => {
    for (const entry of await readdir(fromBytes(`${root}/${folder}`), { withFileTypes: true, encoding: 'buffer' })) {
      const name = entry.name.toString('latin1');
      const path = folder === '' ? name : `${folder}/${name}`;
      if (isGitName(name) || files.has(path)) continue;
      if (folders.has(path)) {
        if (entry.isDirectory()) await walk(path);
      } else if (entry.isDirectory() || entry.isFile() || entry.isSymbolicLink()) made.push(path);
    }
  };
  await walk('');
  return made;
}

/** Lays a layer's files beside those of a tree; where both have something, the tree's stays. */
export async function layBeside({ files, made }: SetupLayer, tree: string): Promise<void> {
  const paths: BytePath[] = [];
  for (const path of made) await findMissing({ from: toBytes(files), to: toBytes(tree), path }, paths);
  await copyPaths({ from: files, into: tree, paths });
}

async function findMissing(at: { from: BytePath; to: BytePath; path: BytePath }, missing: BytePath[]): Promise<void> {
  const { from, to, path } = at;
  const parts = path.split('/');
  for (let depth = 1; depth < parts.length; depth += 1) {
    const above = await lookAt(`${to}/${parts.slice(0, depth).join('/')}`);
    if (above !== null && !above.isDirectory()) return;
  }
  const there = await lookAt(`${to}/${path}`);
  if (there === null) return void missing.push(path);
  if (!there.isDirectory() || !(await lookAt(`${from}/${path}`))?.isDirectory()) return;
  for (const name of await readdir(fromBytes(`${from}/${path}`), { encoding: 'buffer' })) {
    await findMissing({ from, to, path: `${path}/${name.toString('latin1')}` }, missing);
  }
}

/** Links, modes, times and odd names are kept; on file systems that can, blocks are shared. */
function copyPaths({ from, into, paths }: { from: string; into: string; paths: BytePath[] }): Promise<void> {
  const args = ['-0', '-r', 'cp', '-a', '--reflink=auto', '--parents', '-t', into, '--'];
  const child = spawn('xargs', args, { cwd: from, stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-2_000)));
  child.stdin.on('error', () => undefined);
  child.stdin.end(fromBytes(paths.map((path) => `${path}\0`).join('')));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`A set-up could not be copied: ${said}`)),
    );
  });
}
