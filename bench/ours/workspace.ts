import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '../../server/adapters/clock/system-clock.ts';
import { gitCodeHost } from '../../server/adapters/code-host/git.ts';
import { rungs, type Rung } from '../../server/adapters/workspaces/base-file.ts';
import { localWorkspaces } from '../../server/adapters/workspaces/local.ts';
import { newId } from '../../server/db/new-id.ts';
import type { Workspaces } from '../../server/domain/ports/workspaces.ts';
import type { Place } from '../database.ts';
import type { Closing, Contestant } from '../harness.ts';
import { names } from '../names.ts';

const run = promisify(execFile);

const fileCount = 20_000;
const atOnce = 10;

/** A repository of 20,000 files in 400 folders, most of them small, made once per row. */
export function makeRemote({ dataDir }: Pick<Place, 'dataDir'>): { remote: string; commit: string } {
  const remote = join(dataDir, 'remote.git');
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', remote]);
  const parts = ['commit refs/heads/main\ncommitter b <b@example.com> 0 +0000\ndata 5\nmany\n\n'];
  for (let n = 0; n < fileCount; n += 1) {
    const text = `file ${n}\n`.repeat(20 + (n % 120));
    parts.push(
      `M ${n % 50 === 0 ? '100755' : '100644'} inline src/d${n % 400}/f${n}.txt\ndata ${text.length}\n${text}\n`,
    );
  }
  execFileSync('git', ['fast-import', '--quiet'], { cwd: remote, input: parts.join('') });
  const commit = execFileSync('git', ['rev-parse', 'main'], { cwd: remote, encoding: 'utf8' }).trim();
  return { remote, commit };
}

type Yard = { workspaces: Workspaces; mirror: string; commit: string; dataDir: string };

/** The mirror is fetched; `name` keeps what one contestant makes from another's. */
async function openYard({ dataDir: root }: Pick<Place, 'dataDir'>, name: string, ladder?: Rung[]): Promise<Yard> {
  const dataDir = join(root, name);
  mkdirSync(dataDir, { recursive: true });
  const codeHost = gitCodeHost({ dataDir, allowLocal: true, clock: systemClock });
  const mirror = newId('repo');
  const commit = await codeHost.sync({ mirror, remote: join(root, 'remote.git'), defaultBranch: 'main' });
  const workspaces = localWorkspaces({ dataDir, codeHost, ...(ladder && { ladder }) });
  return { workspaces, mirror, commit, dataDir };
}

/** Milliseconds until the tree is there, and what it takes away again. */
async function makeOne({ workspaces, mirror, commit }: Yard): Promise<number> {
  const id = newId('run');
  const started = performance.now();
  await workspaces.keep({ id, mirror, commit });
  const took = performance.now() - started;
  await workspaces.rest(id);
  await workspaces.remove(id);
  return took;
}

export async function open(place: Place, closing: Closing): Promise<Contestant[]> {
  const yard = await openYard(place, 'ours');
  closing(async () => yard.workspaces.collect());
  // The shared checkout of the commit is there for all runs but the first.
  await makeOne(yard);
  return [
    {
      name: names.workTree,
      async block(operations) {
        const samples: number[] = [];
        for (let n = 0; n < operations; n += 1) samples.push(await makeOne(yard));
        return samples;
      },
    },
    {
      name: names.tenTrees,
      async block(operations) {
        const samples: number[] = [];
        for (let n = 0; n < operations / atOnce; n += 1) {
          samples.push(...(await Promise.all(Array.from({ length: atOnce }, () => makeOne(yard)))));
        }
        return samples;
      },
    },
  ];
}

/** Bytes on disk of an idle run's tree, as a share of its checkout's. */
export async function idleShare(place: Pick<Place, 'dataDir'>): Promise<number> {
  const yard = await openYard(place, 'idle');
  const id = newId('run');
  const { workspaces, mirror, commit, dataDir } = yard;
  await workspaces.keep({ id, mirror, commit });
  const bytes = async (folder: string) => Number.parseInt((await run('du', ['-sx', '-B1', folder])).stdout, 10);
  const own = await bytes(join(dataDir, 'workspaces', id));
  const checkout = await bytes(join(dataDir, 'checkouts', mirror, commit));
  await workspaces.rest(id);
  await workspaces.remove(id);
  return own / checkout;
}

/** How many different trees the rungs of the ladder make of one commit. */
export async function differentTrees(place: Pick<Place, 'dataDir'>): Promise<number> {
  const hashes = new Set<string>();
  for (const rung of rungs) {
    const { workspaces, mirror, commit, dataDir } = await openYard(place, `rung-${rung}`, [rung]);
    const id = newId('run');
    const { tree } = await workspaces.keep({ id, mirror, commit });
    hashes.add(hashOf(tree));
    await workspaces.rest(id);
    await workspaces.remove(id);
    rmSync(dataDir, { recursive: true, force: true });
  }
  return hashes.size;
}

/** Names, kinds, bytes and what may be run of all that is in a folder: what git knows of a tree. */
function hashOf(folder: string): string {
  const hash = createHash('sha256');
  const walk = (path: string) => {
    const { mode } = lstatSync(path);
    const isFolder = (mode & 0o170000) === 0o040000;
    hash.update(`${path.slice(folder.length)} ${mode & (isFolder ? 0o170000 : 0o170100)}\0`);
    if (isFolder) for (const name of readdirSync(path).sort()) walk(join(path, name));
    else hash.update((mode & 0o170000) === 0o120000 ? readlinkSync(path) : readFileSync(path));
  };
  walk(folder);
  return hash.digest('hex');
}
