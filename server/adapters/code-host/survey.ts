import { findSetup, textsWanted } from '../../domain/setup/find-setup.ts';
import type { RepoSurvey } from '../../domain/ports/code-host.ts';
import type { Git } from './git-command.ts';
import { onMirror, type Mirror } from './mirrors.ts';

type Entry = { mode: string; object: string; size: number; path: string };

const mostText = 1024 * 1024;
/** Pointers of Git LFS are about this long; nothing else is read to find them. */
const pointerBytes = { from: 100, to: 250 };
const mostPointers = 10_000;
const shownSubmodules = 20;

/** Looks at the files of one commit without laying them out. */
export async function surveyTree(git: Git, mirror: Mirror, ref: string): Promise<RepoSurvey> {
  const entries = await listEntries(git, mirror, ref);
  const files = entries.filter(({ mode }) => mode !== submodule);
  const objects = new Map(files.map(({ path, object }) => [path, object]));
  const paths = files.map(({ path }) => path);
  const texts = new Map<string, string>();
  for (const path of textsWanted(paths)) texts.set(path, await readText(git, mirror, objects.get(path)!));
  const pointers = await findPointers(git, mirror, files);
  const submodules = entries.filter(({ mode }) => mode === submodule).map(({ path }) => path);
  return {
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    found: findSetup({ paths, texts }),
    lfsPointers: pointers.length,
    submodules: submodules.slice(0, shownSubmodules),
  };
}

const submodule = '160000';

async function listEntries(git: Git, mirror: Mirror, ref: string): Promise<Entry[]> {
  const listed = await onMirror(git, mirror, {
    args: ['ls-tree', '-r', '-l', '-z', '--full-tree', ref],
    maxBytes: 2 ** 29,
  });
  const entries: Entry[] = [];
  for (const line of listed.stdout.toString('utf8').split('\0')) {
    const [, mode, object, size, path] = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/su.exec(line) ?? [];
    if (path !== undefined) entries.push({ mode: mode!, object: object!, size: Number(size) || 0, path });
  }
  return entries;
}

async function readText(git: Git, mirror: Mirror, object: string): Promise<string> {
  const { stdout } = await onMirror(git, mirror, { args: ['cat-file', 'blob', object], maxBytes: mostText });
  return stdout.toString('utf8');
}

/** Files that hold the name of their content in Git LFS instead of the content. */
async function findPointers(git: Git, mirror: Mirror, files: Entry[]): Promise<string[]> {
  const sized = files.filter(({ size }) => size >= pointerBytes.from && size <= pointerBytes.to).slice(0, mostPointers);
  if (sized.length === 0) return [];
  const asked = [...new Set(sized.map(({ object }) => object))];
  const { stdout } = await onMirror(git, mirror, {
    args: ['cat-file', '--batch'],
    input: asked.map((object) => `${object}\n`).join(''),
    maxBytes: asked.length * (pointerBytes.to + 100),
  });
  const pointers = new Set<string>();
  const header = /([0-9a-f]{40,64}) blob \d+\nversion https:\/\/git-lfs\.github\.com\/spec\//gu;
  for (const [, object] of stdout.toString('latin1').matchAll(header)) pointers.add(object!);
  return sized.filter(({ object }) => pointers.has(object)).map(({ path }) => path);
}
