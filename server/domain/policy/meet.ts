import { globMeeting } from '../scope/glob-meeting.ts';
import { isPathClass, pathClasses } from '../scope/path-classes.ts';
import { entryGlobs } from '../scope/write-scope.ts';
import type { WriteWay } from './action.ts';
import type { Deed, DeedKind } from './deed.ts';
import { compileRule } from './match.ts';
import type { Rule, RuleOn } from './rule.ts';

/** How many deeds are tried for two rules. */
const mostTried = 200;

function globsOf(paths: readonly string[] | undefined): readonly string[] {
  if (paths === undefined) return ['**'];
  return paths.flatMap((entry) => {
    if (entry === '@git') return ['.git/config'];
    return isPathClass(entry) ? pathClasses[entry].globs : entryGlobs(entry);
  });
}

function* pathsOfBoth(one: readonly string[] | undefined, other: readonly string[] | undefined): Generator<string> {
  for (const a of globsOf(one)) {
    for (const b of globsOf(other)) {
      const path = globMeeting(a, b);
      if (path !== null) yield path;
    }
  }
}

const ways: readonly WriteWay[] = ['tool', 'command', 'commit'];
const first = <T>(one: readonly T[] | undefined, other: readonly T[] | undefined, otherwise: T): T =>
  (one && other ? one.find((each) => other.includes(each)) : (one ?? other)?.[0]) ?? otherwise;

/** A word or host that a pattern stands for. */
const filled = (pattern: string) => pattern.replace(/^\*\./u, 'any.').replaceAll('*', 'x');

type Both<K extends DeedKind> = [RuleOn<K>, RuleOn<K>];

const makers: { [K in 'read' | 'write' | 'command' | 'network']: (both: Both<K>) => Generator<Deed<K>> } = {
  *read([a, b]) {
    for (const path of pathsOfBoth(a.paths, b.paths)) yield { on: 'read', path };
  },
  *write([a, b]) {
    const effects = [...new Set([...(a.effects ?? []), ...(b.effects ?? [])])];
    const way = first(a.ways, b.ways, ways[0]!);
    for (const path of pathsOfBoth(a.paths, b.paths)) yield { on: 'write', path, way, effects };
  },
  *command([a, b]) {
    const traits = [...new Set([...(a.traits ?? []), ...(b.traits ?? [])])];
    const offline = a.offline ?? b.offline ?? false;
    for (const pattern of new Set([...(a.run ?? []), ...(b.run ?? [])])) {
      yield { on: 'command', words: filled(pattern).split(' '), traits, note: '', offline };
    }
    if (a.run === undefined && b.run === undefined) yield { on: 'command', words: ['x'], traits, note: '', offline };
  },
  *network([a, b]) {
    const hosts = [...new Set([...(a.hosts ?? []), ...(b.hosts ?? [])])];
    const bytesOut = Math.max(a.moreThanBytes ?? -1, b.moreThanBytes ?? -1) + 1;
    const rest = { place: first(a.places, b.places, 'other'), bytesOut, tainted: a.tainted ?? b.tainted ?? false };
    for (const host of hosts.length > 0 ? hosts : ['any.example'])
      for (const method of methodsOfBoth(a, b)) yield { on: 'network', host: filled(host), method, ...rest };
  },
};

function methodsOfBoth(a: RuleOn<'network'>, b: RuleOn<'network'>): readonly string[] {
  if (a.methods && b.methods) return a.methods.filter((each) => b.methods!.includes(each));
  return a.methods ?? b.methods ?? ['GET', 'POST'];
}

/** What an action turns out to be, beside where it happens. */
const circumstances = ['effects', 'traits', 'moreThanBytes', 'tainted', 'notMethods', 'outside', 'offline'] as const;

/** Whether a rule looks at something of which the other says nothing: the two do not contradict each other. */
export const looksElsewhere = (one: Rule, other: Rule): boolean =>
  circumstances.some(
    (key) =>
      (one as Partial<Record<string, unknown>>)[key] !== undefined &&
      (other as Partial<Record<string, unknown>>)[key] === undefined,
  );

/** Whether `meetingDeed` can find anything for rules of a kind. */
export const isFindable = (kind: DeedKind): boolean => Object.hasOwn(makers, kind);

/**
 * Something that both rules match, made up; each of them was asked. Null where nothing was found, which does not say that
 * there is nothing.
 */
export function meetingDeed(one: Rule, other: Rule): Deed | null {
  if (one.on !== other.on || !isFindable(one.on)) return null;
  const make = makers[one.on as keyof typeof makers] as (both: [Rule, Rule]) => Generator<Deed>;
  const [a, b] = [compileRule(one), compileRule(other)];
  let tried = 0;
  for (const deed of make([one, other])) {
    if (a(deed) && b(deed)) return deed;
    tried += 1;
    if (tried === mostTried) return null;
  }
  return null;
}
