import type { Verdict } from '../policy/verdict.ts';
import { compileGlobs, type PathMatcher } from './glob.ts';
import { isInClass, isPathClass } from './path-classes.ts';
import { entersGit, workPath } from './work-path.ts';

/** `role` holds globs and path classes; `taskScope` globs or plain paths. An empty list allows nothing. */
export type WriteScope = { role: { include: string[]; exclude: string[] }; taskScope: string[] };

type Compiled = { included: PathMatcher; excludedBy: (path: string) => string | null; inTask: PathMatcher };

const compiled = new WeakMap<WriteScope, Compiled>();

function matcherOf(entry: string): PathMatcher {
  return isPathClass(entry) ? (path) => isInClass(entry, path) : compileGlobs([entry]);
}

/** A plain path in a scope covers the file of that name or all below the folder. */
export function entryGlobs(entry: string): string[] {
  const path = entry.replace(/^\.\//, '').replace(/\/+$/, '');
  return /[*?{]/.test(path) ? [path] : [path, `${path}/**`];
}

function compile(scope: WriteScope): Compiled {
  const known = compiled.get(scope);
  if (known) return known;
  const include = scope.role.include.map(matcherOf);
  const exclude = scope.role.exclude.map((entry) => ({ entry, matches: matcherOf(entry) }));
  const fresh = {
    included: (path: string) => include.some((matches) => matches(path)),
    excludedBy: (path: string) => exclude.find(({ matches }) => matches(path))?.entry ?? null,
    inTask: compileGlobs(scope.taskScope.flatMap(entryGlobs)),
  };
  compiled.set(scope, fresh);
  return fresh;
}

const deny = (rule: string, layer: Verdict['layer'], reason: string): Verdict => ({
  verdict: 'deny',
  rule,
  layer,
  reason,
});

const listed = (globs: readonly string[]) => globs.map((glob) => `\`${glob}\``).join(', ') || 'nothing';

/** What a role may write, in words: "everything except @ci, @infra". */
export function writeScopeInWords({ include, exclude }: WriteScope['role']): string {
  if (include.length === 0) return 'nothing';
  const all = include.includes('**') ? 'everything' : listed(include);
  return exclude.length === 0 ? all : `${all} except ${listed(exclude)}`;
}

/**
 * May this path be written, created or deleted: the floor, then the role's globs, then the task's. The same answer
 * serves the file tools before a write and the filter through which the host builds a commit.
 */
export function mayWrite(written: string, scope: WriteScope): Verdict {
  const path = workPath(written);
  if (path === null || path === '') {
    return deny('path-outside-work', 'platform', `\`${written}\` is not a path inside the repository.`);
  }
  if (entersGit(path)) {
    return deny(
      'f1-git-internals',
      'platform',
      `\`${path}\` belongs to git itself; nobody writes there through Fleet.`,
    );
  }
  const { included, excludedBy, inTask } = compile(scope);
  const exclusion = excludedBy(path);
  if (!included(path) || exclusion !== null) {
    const why = exclusion === null ? '' : ` (it is ${exclusion})`;
    const may = writeScopeInWords(scope.role);
    return deny('role-write-scope', 'role', `\`${path}\` is outside what this role may write${why}: it writes ${may}.`);
  }
  if (!inTask(path)) {
    const reason = `\`${path}\` is outside the scope of this task, which is ${listed(scope.taskScope)}.`;
    return { verdict: 'ask', rule: 'w1-outside-task-scope', layer: 'task', reason };
  }
  return { verdict: 'allow', rule: 'w0-in-scope', layer: 'task', reason: `\`${path}\` is in the scope of this task.` };
}
