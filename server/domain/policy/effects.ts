import { isInClass } from '../scope/path-classes.ts';
import type { Edit } from './action.ts';
import type { Effect } from './deed.ts';

const mostText = 256 * 1024;

const skips =
  /\.(?:skip|todo|only|fixme)\b|\b(?:xit|xdescribe|xtest|fit|fdescribe)\b|@(?:skip|unittest\.skip|pytest\.mark\.(?:skip|xfail)|Ignore|Disabled)\b|\bt\.Skip|#\[ignore\]|\bpytest\.skip\b/gu;
const tests = /\b(?:test|it|describe)\s*[.(]|\bdef test_|\bfunc Test|@Test\b|#\[test\]/gu;
const asserts = /\b(?:expect|assert\w*|should|require)\b/gu;

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

function testEffects(path: string, { removed, added, whole }: Edit): Effect[] {
  if (!whole && (/\.snap$/u.test(path) || path.includes('__snapshots__/'))) return ['test-weakened'];
  const weaker =
    count(added, skips) > count(removed, skips) ||
    count(added, tests) < count(removed, tests) ||
    count(added, asserts) < count(removed, asserts);
  if (weaker) return ['test-weakened'];
  return count(added, tests) > count(removed, tests) ? ['test-added'] : [];
}

/** `"name": "1.2.3"`, `name==1.2`, `name = "1"`, `name 1.2.3`: what a line of a manifest depends on. */
const dependency =
  /^\s*["']?([@\w./-]+)["']?\s*(?::|=+|[~<>!]=|\s)\s*(?:\{.*)?["']?([~^>=<v]*\d[^"',\s]*|\*|latest|workspace:\S+|file:\S+|git\S+|https?:\S+)/u;
const hooks = /\b(?:pre|post)?install\b|\bprepare\b|\bpublish-registry\b|\bregistry\s*=/u;
/** Keys whose value looks like a version and names nothing. */
const facts = new Set([
  'version',
  'node',
  'npm',
  'engines',
  'go',
  'edition',
  'rust-version',
  'lockfileVersion',
  'python',
  'requires-python',
]);

function dependencies(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, name, version] = dependency.exec(line.slice(0, 1_000)) ?? [];
    if (name && version && !facts.has(name)) found.set(name, version);
  }
  return found;
}

const isPlainVersion = (version: string) => /^[~^>=<v]*[\d.*x]|^latest$/u.test(version);

function manifestEffects({ removed, added }: Edit): Effect[] {
  const before = dependencies(removed);
  const after = [...dependencies(added)];
  const fresh = after.some(
    ([name, version]) => !before.has(name) || (before.get(name) !== version && !isPlainVersion(version)),
  );
  if (fresh || count(added, new RegExp(hooks, 'gu')) > count(removed, new RegExp(hooks, 'gu')))
    return ['new-dependency'];
  return after.some(([name, version]) => before.get(name) !== version) ? ['version-changed'] : [];
}

const destroys =
  /\b(?:drop\s+(?:table|column|schema|database|index|type|view|constraint)|truncate|delete\s+from|rename\s+(?:to|column)|alter\s+column|drop_table|drop_column|remove_column|rename_column|rename_table)\b/iu;

/**
 * What an edit does beside writing, told from the texts alone. Of what is too long to look through the worst is said.
 */
export function effectsOf(path: string, edit: Edit): Effect[] {
  const long = edit.removed.length + edit.added.length > mostText;
  const found: Effect[] = [];
  if (isInClass('@tests', path)) found.push(...(long ? (['test-weakened'] as const) : testEffects(path, edit)));
  if (isInClass('@manifests', path)) found.push(...(long ? (['new-dependency'] as const) : manifestEffects(edit)));
  if (isInClass('@migrations', path) && (long || destroys.test(edit.added))) found.push('destructive-migration');
  return found;
}
