import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openOverlay } from '../../server/adapters/sandbox/layer.ts';
import { throughHolder } from '../../server/adapters/sandbox/place.ts';
import { setCanaries } from '../canaries.ts';
import type { Case, Closing, Place } from '../case.ts';
import type { Confined, Subject } from '../subjects/subject.ts';

export type SandboxPlace = Place & {
  /** The confined place under attack; a fresh one, over a fresh tree, for every try. */
  confined: Confined;
  openWithout: Subject['openWithout'];
  tree: string;
  /** Another tenant's run: its tree with a file `secret`, and the host id of a process in its sandbox. */
  other: { tree: string; pid: number };
  /** Fleet's folder for mirrors, with one repository in it, and a package cache. */
  mirror: string;
  cache: string;
  /** What the product keeps below the trees of all runs of a repo, and a script run in a new tree over it. */
  shared: { folders: string[]; run(script: string): Promise<string> };
};

export type SandboxGrounds = {
  root: string;
  subject: Subject;
  /** Fleet's data folder. */
  dataDir: string;
};

/** A run of another tenant beside the attacked one, canaries around both. */
export async function openSandboxPlace(grounds: SandboxGrounds, closing: Closing): Promise<SandboxPlace> {
  const { root, subject, dataDir } = grounds;
  const canaries = await setCanaries(mkdtempSync(join(root, 'canaries-')), closing);
  const mirror = plant(join(dataDir, 'mirrors', 'rep_other.git'), canaries.secret('mirror of another tenant'));
  const cache = plant(join(dataDir, 'caches', 'npm'), canaries.secret('package cache'));
  const otherTree = plant(join(root, 'other-tree'), canaries.secret('tree of another run'));
  for (const folder of [mirror, cache, otherTree]) canaries.watch(folder);
  const pid = await startOther(subject, otherTree, closing);
  canaries.guard(pid, 'a process of another run');
  const device = lstatSync('/dev/null').mode;
  canaries.forbid(() => (lstatSync('/dev/null').mode === device ? null : 'the host’s /dev/null was changed'));
  const { openWithout } = subject;
  const shared = plantShared({ root, subject, dataDir }, canaries.watch);
  const place = {
    canaries,
    openWithout,
    other: { tree: otherTree, pid },
    mirror,
    cache,
    shared,
    onEngine: subject.onEngine,
  } as SandboxPlace;
  canaries.forbid(() => (place.tree === undefined ? null : oddFile(place.tree)));
  place.reset = async () => {
    await place.confined?.close();
    if (place.tree !== undefined) await rm(place.tree, { recursive: true, force: true });
    place.tree = mkdtempSync(join(root, 'tree-'));
    place.confined = await subject.open(place.tree);
  };
  closing(async () => place.confined?.close());
  return place;
}

function plant(folder: string, secret: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'secret'), `${secret}\n`);
  writeFileSync(join(folder, 'config'), '[core]\n\tbare = true\n');
  return folder;
}

/** A commit checked out and its set-up, where the product has them, watched. Trees lie over both as those of runs do. */
function plantShared({ root, subject, dataDir }: SandboxGrounds, watch: (folder: string) => void) {
  const checkout = join(dataDir, 'checkouts/rep_shared/commit');
  const setup = join(dataDir, 'setups/rep_shared/key/files');
  for (const folder of [join(checkout, 'deep'), join(setup, 'made')]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(checkout, 'tracked'), 'shared\n');
  for (const name of ['a', 'b']) writeFileSync(join(checkout, 'deep', name), `below ${name}\n`);
  writeFileSync(join(setup, 'made/index.js'), 'set up\n');
  for (const folder of [checkout, setup]) watch(folder);
  const run = async (script: string) => {
    const layer = await openOverlay({ dir: mkdtempSync(join(root, 'over-')), lowers: [setup, checkout] });
    if (layer?.holder == null) throw new Error('This machine makes no overlays.');
    const confined = await subject.open(throughHolder(layer.holder, layer.work));
    try {
      return await confined.run(script);
    } finally {
      await confined.close();
      await layer.close();
    }
  };
  return { folders: [checkout, setup], run };
}

/** Set-user-id files and device nodes in a tree are ways up for whoever meets them on the host. */
function oddFile(tree: string): string | null {
  const tests = [
    '(',
    '!',
    '-type',
    'd',
    '!',
    '-type',
    'l',
    '-perm',
    '/6000',
    ')',
    '-o',
    '-type',
    'b',
    '-o',
    '-type',
    'c',
  ];
  const { stdout } = spawnSync('find', [tree, ...tests], { encoding: 'latin1' });
  return stdout === '' ? null : `a way up was left on the host: ${JSON.stringify(stdout)}`;
}

/** A long command of another run; resolves with the host id of its last process. */
async function startOther(subject: Subject, tree: string, closing: Closing): Promise<number> {
  const confined = await subject.open(tree);
  const mark = `1${String(process.hrtime.bigint()).slice(-7)}`;
  void confined.run(`sleep ${mark}`, { timeoutMs: 3_600_000 }).catch(() => '');
  closing(async () => {
    await confined.close();
    // Without a wall it may have outlived its sandbox, and the command that waits for it with it.
    for (const pid of processesWith(`sleep\0${mark}\0`)) process.kill(pid, 'SIGKILL');
  });
  for (;;) {
    const [pid] = processesWith(`sleep\0${mark}\0`);
    if (pid !== undefined) return pid;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Host processes whose whole command line is `text`, arguments ended by NUL. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1') === text;
      } catch {
        return false;
      }
    });
}

type Script = string | ((place: SandboxPlace) => string);
type ShellCase = {
  id: string;
  tries: string;
  command: Script;
  timeoutMs?: number;
  answer: RegExp;
  onEngine?: RegExp;
  local?: true;
  slow?: true;
  perilous?: true;
  twin: { does: string; command: Script; answer: RegExp };
};

/** A case that is one bash script, and its twin another. */
export function shellCase({ command, timeoutMs, twin, ...rest }: ShellCase): Case<SandboxPlace> {
  const script = (place: SandboxPlace, one: Script) => (typeof one === 'string' ? one : one(place));
  return {
    ...rest,
    attack: (place) => place.confined.run(script(place, command), { timeoutMs }),
    twin: { ...twin, run: (place) => place.confined.run(script(place, twin.command)) },
  };
}

/** A script of Python's, which says what a system call answers. */
export const python = (code: string) => `python3 - <<'END_OF_CODE'\n${code.trim()}\nEND_OF_CODE`;

/** Python that prints `what` and the error's name, or what came out. */
export const tryIn = (what: string, code: string) =>
  `try:\n${code.trim().replace(/^/gmu, '  ')}\n  print(${JSON.stringify(what)}, "went well")\nexcept OSError as e:\n  import errno\n  print(${JSON.stringify(what)}, errno.errorcode.get(e.errno, e.errno))\n`;
