import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
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
  const place = { canaries, openWithout, other: { tree: otherTree, pid }, mirror, cache } as SandboxPlace;
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
