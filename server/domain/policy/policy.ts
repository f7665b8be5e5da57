import { deedInWords, type Deed, type DeedKind } from './deed.ts';
import { compileRule, programsOf } from './match.ts';
import type { Rule } from './rule.ts';
import { ruleInWords } from './sentence.ts';
import { outweighs, stricter, type LayerName, type Verdict, type VerdictWord } from './verdict.ts';

export type Otherwise = Partial<Record<DeedKind | 'else', VerdictWord>>;

/** A rule of the platform's own may put its reason in words of its own. */
export type LayerRule = Rule & { say?: (deed: Deed) => string };

/**
 * What one layer says. `limits` hold whatever lower layers say; of the layers' `defaults` the lowest layer that has one
 * that matches speaks; `otherwise` speaks where no default of any layer matches.
 */
export type Layer = {
  name: LayerName;
  version?: string | undefined;
  limits: readonly LayerRule[];
  defaults: readonly LayerRule[];
  otherwise?: Otherwise;
};

type Compiled = { rule: LayerRule; layer: LayerName; version?: string | undefined; matches: (deed: Deed) => boolean };
type Of<T> = Partial<Record<DeedKind, T[]>>;

/** `unnamed`: the rules that a command can meet whose program none of the others names, so that those are not asked. */
type Rules = { of: Of<Compiled>; programs: ReadonlySet<string>; unnamed: Compiled[] };

/** Layers from the platform down to the task, made ready to decide. */
export type Policy = {
  limits: Rules;
  /** By layer, the lowest first. */
  defaults: Rules[];
  /** The lowest first. */
  otherwise: { layer: LayerName; version?: string | undefined; says: Otherwise }[];
  /** Holds besides: what it is stricter in counts. */
  besides?: Policy;
};

const order: Record<LayerName, number> = { task: 0, role: 1, repo: 2, org: 3, platform: 4 };

function byKind(compiled: readonly Compiled[]): Rules {
  const of: Of<Compiled> = {};
  for (const each of compiled) (of[each.rule.on] ??= []).push(each);
  const commands = (of.command ?? []).map((each) => ({ each, programs: programsOf(each.rule) }));
  return {
    of,
    programs: new Set(commands.flatMap(({ programs }) => [...(programs ?? [])])),
    unnamed: commands.filter(({ programs }) => programs === null).map(({ each }) => each),
  };
}

/** The rules that could speak of a deed, in their order. */
function rulesFor({ of, programs, unnamed }: Rules, deed: Deed): Compiled[] {
  if (deed.on !== 'command') return of[deed.on] ?? [];
  const [name] = deed.words;
  if (name === undefined) return unnamed;
  const mayBeNamed = name === null || programs.has(name) || programs.has(name.slice(name.lastIndexOf('/') + 1));
  return mayBeNamed ? (of.command ?? []) : unnamed;
}

/** The order in which layers are given, and of rules within one, changes nothing. */
export function compilePolicy(layers: readonly Layer[]): Policy {
  const lowestFirst = layers.toSorted((one, other) => order[one.name] - order[other.name]);
  const compile = ({ name: layer, version }: Layer, rules: readonly LayerRule[]) =>
    rules
      .toSorted((one, other) => (one.id < other.id ? -1 : 1))
      .map((rule): Compiled => ({ rule, layer, version, matches: compileRule(rule) }));
  return {
    // The highest layer is named where several say the same.
    limits: byKind(lowestFirst.toReversed().flatMap((layer) => compile(layer, layer.limits))),
    defaults: lowestFirst.map((layer) => byKind(compile(layer, layer.defaults))),
    otherwise: lowestFirst.flatMap(({ name, version, otherwise }) =>
      otherwise ? [{ layer: name, version, says: otherwise }] : [],
    ),
  };
}

const weighed = ({ rule: { then, who } }: Compiled) => ({ verdict: then, who });

/** Of rules that match, the strictest; of equals the first by layer, then by id. */
function strictest(rules: readonly Compiled[], deed: Deed): Compiled | null {
  let found: Compiled | null = null;
  for (const each of rules) {
    if (found !== null && !outweighs(weighed(each), weighed(found))) continue;
    if (each.matches(deed)) found = each;
  }
  return found;
}

function spoken({ rule, layer, version }: Compiled, deed: Deed): Verdict {
  const reason = rule.say?.(deed) ?? `${deedInWords(deed)}: ${rule.why ?? ruleInWords(rule)}`;
  const who = rule.then === 'ask' ? { who: rule.who ?? ('requester' as const) } : {};
  return { verdict: rule.then, rule: rule.id, layer, reason, ...who, ...(version === undefined ? {} : { version }) };
}

/** What the decision of no rule is called, where it has a name of its own. */
const fallbackNames: Partial<Record<DeedKind, string>> = { write: 'w0-in-scope', read: 'read-in-work' };

const otherwiseWords: Record<VerdictWord, string> = {
  allow: 'no rule speaks against it.',
  ask: 'no rule speaks of it, and what no rule speaks of is put to a person here.',
  deny: 'no rule speaks of it, and what no rule speaks of is refused here.',
};

function fallback({ otherwise }: Policy, deed: Deed): { layer: LayerName; verdict: Verdict } {
  for (const { layer, version, says } of otherwise) {
    const verdict = says[deed.on] ?? says.else;
    if (verdict === undefined) continue;
    const reason = `${deedInWords(deed)}: ${otherwiseWords[verdict]}`;
    const who = verdict === 'ask' ? { who: 'requester' as const } : {};
    const said = {
      verdict,
      rule: (verdict === 'allow' && fallbackNames[deed.on]) || 'default',
      layer,
      reason,
      ...who,
      ...(version === undefined ? {} : { version }),
    };
    return { layer, verdict: said };
  }
  const reason = `${deedInWords(deed)}: ${otherwiseWords.deny}`;
  return { layer: 'platform', verdict: { verdict: 'deny', rule: 'default', layer: 'platform', reason } };
}

/** What the policy says of one deed, and what holds besides where that is stricter. */
export function judge(policy: Policy, deed: Deed): Verdict {
  const verdict = judgeAlone(policy, deed);
  return policy.besides ? stricter(verdict, judge(policy.besides, deed)) : verdict;
}

/**
 * The strictest limit, or what the defaults say where that is stricter. `otherwise` is
 * silent where a rule speaks: a default of any layer, or a limit of its own layer or a higher one. A limit of a lower
 * layer does not silence it, or adding one could allow more.
 */
function judgeAlone(policy: Policy, deed: Deed): Verdict {
  const limits = rulesFor(policy.limits, deed);
  const limit = strictest(limits, deed);
  const speaking = policy.defaults
    .map((layer) => rulesFor(layer, deed))
    .find((rules) => rules.some(({ matches }) => matches(deed)));
  if (speaking) {
    const voice = spoken(strictest(speaking, deed)!, deed);
    return limit === null ? voice : stricter(spoken(limit, deed), voice);
  }
  const { layer, verdict } = fallback(policy, deed);
  if (limit === null) return verdict;
  const silenced = limits.some((each) => order[each.layer] >= order[layer] && each.matches(deed));
  return silenced ? spoken(limit, deed) : stricter(spoken(limit, deed), verdict);
}
