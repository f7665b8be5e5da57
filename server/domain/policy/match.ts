import { matchesHost } from '../network/decide-network.ts';
import { compileGlobs, type PathMatcher } from '../scope/glob.ts';
import { isInClass, isPathClass } from '../scope/path-classes.ts';
import { entersGit } from '../scope/work-path.ts';
import { entryGlobs } from '../scope/write-scope.ts';
import type { CommandWord, Deed, DeedKind } from './deed.ts';
import type { Rule, RuleOn } from './rule.ts';

type Matcher<K extends DeedKind> = (deed: Deed<K>) => boolean;

/** Paths, patterns and classes as one question. A plain path means that file and all below the folder. */
export function pathMatcher(entries: readonly string[]): PathMatcher {
  const classes = entries.filter(isPathClass);
  const git = entries.includes('@git');
  const globs = compileGlobs(entries.filter((entry) => entry !== '@git' && !isPathClass(entry)).flatMap(entryGlobs));
  return (path) => globs(path) || (git && entersGit(path)) || classes.some((name) => isInClass(name, path));
}

/** `*` for any text within the word, in time that grows with both lengths only. */
function wordMatcher(pattern: string): (word: string) => boolean {
  if (!pattern.includes('*')) return (word) => word === pattern;
  const matches = compileGlobs([pattern.replaceAll('/', '\u0000').replaceAll(/[?{]/gu, '\u0001')]);
  return (word) => matches(word.replaceAll('/', '\u0000').replaceAll(/[?{]/gu, '\u0001'));
}

const anyOf = <T>(list: readonly T[] | undefined, value: T) => list === undefined || list.includes(value);
const is = <T>(wanted: T | undefined, value: T) => wanted === undefined || wanted === value;

const systemFolder = /^(?:\/usr(?:\/local)?)?\/s?bin\//u;

const isOption = (word: CommandWord) => word !== null && word.startsWith('-') && word.length > 1;

/** Neither an option nor what may be the value of the one before. */
function isPlain(args: readonly CommandWord[], at: number): boolean {
  const before = args[at - 1];
  return !isOption(args[at]!) && !(typeof before === 'string' && isOption(before) && !before.includes('='));
}

/** A program by its name alone: for a permission only where an installation has put it. */
function baseOf(name: CommandWord, permits: boolean): CommandWord {
  if (name === null) return name;
  const at = name.lastIndexOf('/');
  return at < 0 || (permits && !systemFolder.test(name)) ? name : name.slice(at + 1);
}

/** Whether a command is what the words of a pattern say. What cannot be told fits where the rule is no permission. */
function commandMatcher(pattern: string, permits: boolean): (words: readonly CommandWord[]) => boolean {
  const parts = pattern.split(' ');
  const options = parts.filter(isOption).map(wordMatcher);
  const [program, ...plain] = parts.filter((part) => !isOption(part)).map(wordMatcher);
  const fits = (matches: (word: string) => boolean, word: CommandWord | undefined) =>
    word === undefined ? false : word === null ? !permits : matches(word);
  const startsWith = (words: readonly CommandWord[]) =>
    plain.every((part, at) => fits(part, words[at]) || (part('') && at === plain.length - 1));
  return ([name, ...args]) => {
    if (name === undefined) return false;
    if (program !== undefined && !fits(program, name) && !fits(program, baseOf(name, permits))) return false;
    if (!options.every((option) => args.some((word) => fits(option, word)))) return false;
    if (permits && options.length === 0) return startsWith(args);
    const without = args.filter((word) => !isOption(word));
    return startsWith(without) || (!permits && startsWith(args.filter((_word, at) => isPlain(args, at))));
  };
}

type Words = readonly CommandWord[];

/**
 * Whether a command is what any of the patterns say. Only patterns that begin with its program are read, besides those that
 * leave the program open: a policy names many programs, and a command is one.
 */
function commandsMatcher(patterns: readonly string[], permits: boolean): (words: Words) => boolean {
  const all = patterns.map((pattern) => ({ program: programOf(pattern), matches: commandMatcher(pattern, permits) }));
  const open = all.filter(({ program }) => program.includes('*'));
  const named = Map.groupBy(
    all.filter((each) => !open.includes(each)),
    ({ program }) => program,
  );
  const some = (list: typeof all | undefined, words: Words) => list?.some(({ matches }) => matches(words)) ?? false;
  return (words) => {
    const [name] = words;
    if (name === undefined) return false;
    if (name === null) return some(all, words);
    const base = baseOf(name, permits)!;
    return some(named.get(name), words) || (base !== name && some(named.get(base), words)) || some(open, words);
  };
}

/** Of a pattern of options alone, any program. */
const programOf = (pattern: string) => pattern.split(' ').find((part) => !isOption(part)) ?? '*';

const patternsMatcher = (patterns: readonly string[] | undefined) => {
  const each = (patterns ?? []).map(wordMatcher);
  return (text: string) => patterns === undefined || each.some((matches) => matches(text));
};

/** The programs that a rule is about; null where it may be about any. */
export function programsOf(each: Rule): ReadonlySet<string> | null {
  if (each.on !== 'command' || each.run === undefined) return null;
  const programs = each.run.map(programOf);
  return programs.some((program) => program.includes('*')) ? null : new Set(programs);
}

function command(rule: RuleOn<'command'>): Matcher<'command'> {
  const permits = rule.then === 'allow';
  const runs = rule.run ? commandsMatcher(rule.run, permits) : null;
  const except = rule.except ? commandsMatcher(rule.except, !permits) : null;
  return ({ words, traits, offline }) =>
    (runs === null || runs(words)) &&
    (rule.traits === undefined || rule.traits.some((trait) => traits.includes(trait))) &&
    is(rule.offline, offline) &&
    !except?.(words);
}

function read({ paths, except }: RuleOn<'read'>): Matcher<'read'> {
  const inside = paths ? pathMatcher(paths) : null;
  const left = except ? pathMatcher(except) : null;
  return ({ path }) => (inside === null || inside(path)) && !left?.(path);
}

function write({ paths, except, outside, effects, ways }: RuleOn<'write'>): Matcher<'write'> {
  const inside = paths ? pathMatcher(paths) : null;
  const left = except ? pathMatcher(except) : null;
  const scope = outside ? { inside: pathMatcher(outside.paths), except: pathMatcher(outside.except) } : null;
  return ({ path, way, effects: made }) =>
    anyOf(ways, way) &&
    (effects === undefined || effects.some((effect) => made.includes(effect))) &&
    (inside === null || inside(path)) &&
    (scope === null || !scope.inside(path) || scope.except(path)) &&
    !left?.(path);
}

function network(rule: RuleOn<'network'>): Matcher<'network'> {
  const { hosts, methods, notMethods, places, moreThanBytes, tainted } = rule;
  return (deed) =>
    (hosts === undefined || hosts.some((host) => matchesHost(host, deed.host))) &&
    (methods === undefined || methods.some((method) => method === deed.method)) &&
    (notMethods === undefined || !notMethods.some((method) => method === deed.method)) &&
    anyOf(places, deed.place) &&
    (moreThanBytes === undefined || deed.bytesOut > moreThanBytes) &&
    is(tainted, deed.tainted);
}

function git({ acts, refs, own }: RuleOn<'git'>): Matcher<'git'> {
  const named = patternsMatcher(refs);
  return (deed) => anyOf(acts, deed.act) && named(deed.ref) && is(own, deed.own);
}

function mcp({ tools, effects, changed }: RuleOn<'mcp'>): Matcher<'mcp'> {
  const named = patternsMatcher(tools);
  return (deed) => named(deed.tool) && anyOf(effects, deed.effect) && is(changed, deed.changed);
}

function model({ models, listed }: RuleOn<'model'>): Matcher<'model'> {
  const named = patternsMatcher(models);
  return (deed) => named(deed.model) && is(listed, deed.listed);
}

const browser =
  ({ acts }: RuleOn<'browser'>): Matcher<'browser'> =>
  (deed) =>
    anyOf(acts, deed.act);

const external =
  ({ what, moreThan, conduct }: RuleOn<'external'>): Matcher<'external'> =>
  (deed) =>
    anyOf(what, deed.what) && (moreThan === undefined || deed.nth > moreThan) && anyOf(conduct, deed.conduct);

const spend =
  (rule: RuleOn<'spend'>): Matcher<'spend'> =>
  (deed) =>
    anyOf(rule.what, deed.what) &&
    (rule.moreThanTimes === undefined || deed.times > rule.moreThanTimes) &&
    (rule.fromPercent === undefined || deed.percent >= rule.fromPercent) &&
    (rule.belowPercent === undefined || deed.percent < rule.belowPercent) &&
    is(rule.progress, deed.progress) &&
    is(rule.offHours, deed.offHours);

/** What is not said of a gate counts against it. */
const gate =
  ({ gates, slight, large }: RuleOn<'gate'>): Matcher<'gate'> =>
  (deed) =>
    anyOf(gates, deed.gate) && is(slight, deed.slight ?? false) && is(large, deed.large ?? true);

const handoff =
  ({ moreThanLines = -1, moreThanFiles = -1 }: RuleOn<'handoff'>): Matcher<'handoff'> =>
  ({ lines, files }) =>
    (moreThanLines >= 0 && lines > moreThanLines) || (moreThanFiles >= 0 && files > moreThanFiles);

const compilers: { [K in DeedKind]: (rule: RuleOn<K>) => Matcher<K> } = {
  command,
  read,
  write,
  network,
  git,
  mcp,
  browser,
  external,
  spend,
  model,
  gate,
  handoff,
};

const compiled = new WeakMap<Rule, Matcher<DeedKind>>();

/** The question whether a rule speaks of a deed of its kind, made once for each rule. */
export function compileRule(rule: Rule): Matcher<DeedKind> {
  const known = compiled.get(rule);
  if (known) return known;
  const matches = (compilers[rule.on] as (rule: Rule) => Matcher<DeedKind>)(rule);
  compiled.set(rule, matches);
  return matches;
}
