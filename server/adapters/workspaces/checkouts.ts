import { mkdir, mkdtemp, readdir, rename, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import { removeWritten } from '../sandbox/layer.ts';

/** Folders of files that nobody writes in once they are there, shared by all that stand on them. */
export type Shared = {
  dir(mirror: string, name: string): string;
  /** The folder of that name; made by `make` in an empty folder when there is none yet. One maker at a time. */
  ensure(of: { mirror: string; name: string; make: (into: string) => Promise<void> }): Promise<string>;
  /** Names, the most lately used first. */
  list(mirror: string): Promise<string[]>;
  mirrors(): Promise<string[]>;
  /** Removes those that `inUse` does not name, but for the `spare` most lately used. `inUse` is asked twice. */
  collect(of: { mirror: string; spare: number; inUse: () => Promise<Set<string>> }): Promise<string[]>;
};

export type Checkouts = Shared & { checkout(mirror: string, commit: string): Promise<string> };

const safeName = /^[\w-]{1,100}$/u;

/**
 * Shared folders under `root/<mirror>/<name>`. A folder is made beside its place and renamed into it: whole or not there.
 * A user writes down its reference before it asks; the collector moves a folder aside before it looks a second time, so
 * that a reference written in between brings the folder back.
 */
export function sharedFolders(root: string): Shared {
  const making = new Map<string, Promise<string>>();
  const dir = (mirror: string, name: string) => {
    if (!safeName.test(mirror) || !safeName.test(name)) throw new Error(`not a shared folder: ${mirror}/${name}`);
    return join(root, mirror, name);
  };
  const make = async (place: string, fill: (into: string) => Promise<void>) => {
    await mkdir(dirname(place), { recursive: true, mode: 0o700 });
    const fresh = await mkdtemp(join(dirname(place), `.new-${process.pid}-`));
    try {
      await fill(fresh);
      await rename(fresh, place).catch(async (error: unknown) => {
        // Another process was first: its folder is as good.
        if (!(await isThere(place))) throw error;
      });
    } finally {
      await removeWritten(fresh);
    }
    return place;
  };
  const list = async (mirror: string) => {
    const names = (await readdir(join(root, mirror)).catch(() => [])).filter((name) => safeName.test(name));
    const used = await Promise.all(names.map(async (name) => ({ name, at: await usedAt(join(root, mirror, name)) })));
    return used.sort((a, b) => b.at - a.at).map(({ name }) => name);
  };
  return {
    dir,
    async ensure({ mirror, name, make: fill }) {
      const place = dir(mirror, name);
      const known = making.get(place);
      if (known) return known;
      if (await isThere(place)) {
        const now = new Date();
        await utimes(place, now, now).catch(() => undefined);
        return place;
      }
      const made = (making.get(place) ?? make(place, fill)).finally(() => making.delete(place));
      making.set(place, made);
      return made;
    },
    list,
    mirrors: async () => (await readdir(root).catch(() => [])).filter((name) => safeName.test(name)),
    async collect({ mirror, spare, inUse }) {
      await sweepAborted(join(root, mirror));
      const used = await inUse();
      const free = (await list(mirror)).filter((name) => !used.has(name)).slice(spare);
      const gone: string[] = [];
      for (const name of free) {
        const aside = join(root, mirror, `.gone-${process.pid}-${name}`);
        await rename(dir(mirror, name), aside);
        if ((await inUse()).has(name)) await rename(aside, dir(mirror, name)).catch(() => removeWritten(aside));
        else gone.push(name);
        await removeWritten(aside);
      }
      return gone;
    },
  };
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function usedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** Folders of makers and collectors that were killed. */
async function sweepAborted(dir: string): Promise<void> {
  for (const name of await readdir(dir).catch(() => [])) {
    const pid = /^\.(?:new|gone)-(\d+)-/u.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await removeWritten(join(dir, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** One folder per commit of a mirror. */
export function sharedCheckouts(root: string, codeHost: Pick<CodeHost, 'checkout'>): Checkouts {
  const shared = sharedFolders(root);
  return {
    ...shared,
    checkout: (mirror, commit) =>
      shared.ensure({ mirror, name: commit, make: (into) => codeHost.checkout({ mirror, commit, into }) }),
  };
}
