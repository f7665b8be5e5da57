import { readDeclared, declarationPaths } from './declared.ts';
import { findCargo, findGo, findMaven } from './find-compiled.ts';
import { findNode } from './find-node.ts';
import { findPython, firstPythonTest } from './find-python.ts';
import { repoSetup, type RepoSetup } from './repo-setup.ts';
import { folderOf, type Folder, type Part, type SourceTree } from './source-tree.ts';

/** What a repo's own files say about how to set it up: a proposal that a person sees and may change. */
export type FoundSetup = {
  /** Package managers by name, the first for the root; empty where none was recognised. */
  managers: string[];
  /** The file of the repo in which it says so itself; null where all was concluded. */
  declaredIn: string | null;
  /** Why a declaration that is there was not followed. */
  problem: string | null;
  testCommand: string | null;
  setup: RepoSetup;
};

const finders = [findNode, findPython, findGo, findCargo, findMaven];
const makefiles = ['Makefile', 'makefile', 'GNUmakefile'];
const read = [
  ...['package.json', 'pnpm-lock.yaml', 'yarn.lock', 'pyproject.toml', 'setup.py', 'setup.cfg', 'tox.ini'],
  ...['requirements.txt', 'requirements-dev.txt', 'requirements-test.txt', 'dev-requirements.txt'],
  ...['requirements/base.txt', 'requirements/dev.txt', 'requirements/test.txt', 'uv.lock', 'poetry.lock'],
  ...['go.mod', 'Cargo.toml', 'Cargo.lock', ...makefiles],
];
const manifests = /^([^/]+)\/(?:package\.json|pyproject\.toml|requirements\.txt|go\.mod|Cargo\.toml|pom\.xml)$/u;
const mostFolders = 4;

/** The paths whose text `findSetup` looks at. */
export function textsWanted(paths: readonly string[]): string[] {
  const there = new Set(paths);
  const test = firstPythonTest(paths);
  const inFolders = subfolders(paths).flatMap((prefix) => {
    const own = firstPythonTest(paths.filter((path) => path.startsWith(prefix)));
    return [...read.map((path) => `${prefix}${path}`), ...(own === undefined ? [] : [own])];
  });
  const wanted = [...read, ...declarationPaths, ...(test === undefined ? [] : [test]), ...inFolders];
  return [...new Set(wanted)].filter((path) => there.has(path));
}

/** Looks at the root; where nothing there is known, at the folders just below it. What the repo declares goes first. */
export function findSetup(tree: SourceTree): FoundSetup {
  const found = conclude(tree);
  const declared = readDeclared(tree);
  if (declared === null) return found;
  if (declared.problem !== null) return { ...found, declaredIn: declared.path, problem: declared.problem };
  const { testCommand, setup, path } = declared;
  return {
    ...found,
    declaredIn: path,
    testCommand: testCommand ?? found.testCommand,
    setup: repoSetup.parse({ ...found.setup, ...setup }),
  };
}

function conclude(tree: SourceTree): FoundSetup {
  const root = folderOf(tree, '');
  const atRoot = partsOf(root);
  if (atRoot.length > 0)
    return joined(
      atRoot.map((part) => ({ part, prefix: '' })),
      makeTest(root),
    );
  const below = subfolders(tree.paths).flatMap((prefix) =>
    partsOf(folderOf(tree, prefix)).map((part) => ({ part, prefix })),
  );
  return joined(below, makeTest(root));
}

function partsOf(folder: Folder): Part[] {
  return finders.map((find) => find(folder)).filter((part) => part !== null);
}

function makeTest(root: Folder): string | null {
  return makefiles.some((name) => /^test\s*:(?!=)/mu.test(root.text(name))) ? 'make test' : null;
}

function subfolders(paths: readonly string[]): string[] {
  const found = new Set(paths.flatMap((path) => manifests.exec(path)?.[1] ?? []));
  return [...found].slice(0, mostFolders).map((name) => `${name}/`);
}

type Placed = { part: Part; prefix: string };

function joined(placed: Placed[], make: string | null): FoundSetup {
  const { tests, builds, lints } = {
    tests: commandsOf(placed, 'test'),
    builds: commandsOf(placed, 'build'),
    lints: commandsOf(placed, 'lint'),
  };
  // At the root the first that is known is the repo's test; folders side by side are all meant.
  const inFolders = placed.some(({ prefix }) => prefix !== '');
  const own = inFolders ? tests.join(' && ') : (tests[0] ?? '');
  const node = placed.find(({ part, prefix }) => prefix === '' && part.registries.includes('npm'))?.part.test;
  const install = commandsOf(placed, 'install').join('\n');
  const registries = placed.filter(({ part }) => part.install !== '').flatMap(({ part }) => part.registries);
  return {
    managers: [...new Set(placed.map(({ part }) => part.manager))],
    declaredIn: null,
    problem: null,
    testCommand: node ?? make ?? (own === '' ? null : own),
    setup: repoSetup.parse({
      install,
      build: builds.join(' && '),
      lint: lints.join(' && '),
      registries: [...new Set(registries)],
      lockfiles: placed.flatMap(({ part, prefix }) => part.lockfiles.map((path) => `${prefix}${path}`)).slice(0, 50),
    }),
  };
}

function commandsOf(placed: Placed[], what: 'install' | 'test' | 'build' | 'lint'): string[] {
  return placed.flatMap(({ part, prefix }) => {
    const command = part[what];
    if (command === null || command === '') return [];
    if (prefix === '') return [command];
    return [`(cd ${quoted(prefix.slice(0, -1))} && ${command.replaceAll('\n', ' && ')})`];
  });
}

function quoted(text: string): string {
  return /^[\w.-]+$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
