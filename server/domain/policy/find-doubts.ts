import { deedInWords, type Deed } from './deed.ts';
import { documentLayer, rulesOf, type PolicyDocument } from './document.ts';
import { platformFloor } from './floor.ts';
import { covers, matchersOf } from './cover.ts';
import { looksElsewhere, meetingDeed } from './meet.ts';
import { compilePolicy, judge } from './policy.ts';
import { presets } from './presets/presets.ts';
import type { Rule } from './rule.ts';
import { isStricter } from './verdict.ts';

/** Rules of one's own that are compared each with each. */
const mostCompared = 60;
const mostMeetings = 20;

/** A rule that is allowed and hardly meant, in words. */
export type Doubt = { rule: string; message: string };

/** What a rule matches, as text that two rules can be compared by. */
function matcherOf(rule: Rule): string {
  const parts = matchersOf(rule).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([rule.on, parts]);
}

function doubtsOf(rule: Rule, others: readonly Rule[]): Doubt[] {
  const same = others.find((other) => other.then !== rule.then && matcherOf(other) === matcherOf(rule));
  if (same && isStricter(same.then, rule.then)) {
    const message = `It never speaks: \`${same.id}\` is about the same and says ${same.then}. To replace that rule, give this one its id.`;
    return [{ rule: rule.id, message }];
  }
  const dead = others.find((other) => isStricter(other.then, rule.then) && covers(other, rule));
  if (!dead) return [];
  return [
    { rule: rule.id, message: `It never speaks: \`${dead.id}\` matches all that it matches and says ${dead.then}.` },
  ];
}

/**
 * Rules of one's own that say different things and both match something, neither of them all that the other does. What is
 * said is never a guess: the deed that is named was asked of both.
 */
function meetings(own: readonly Rule[], dead: ReadonlySet<string>): Doubt[] {
  const rules = own.filter(({ id }) => !dead.has(id)).slice(0, mostCompared);
  const doubts: Doubt[] = [];
  for (const [at, one] of rules.entries()) {
    for (const other of rules.slice(at + 1)) {
      if (one.then === other.then || doubts.length === mostMeetings) continue;
      const [strict, loose] = isStricter(one.then, other.then) ? [one, other] : [other, one];
      // A narrow refusal within a wide permission is how policies are written.
      if (covers(loose, strict) || looksElsewhere(strict, loose)) continue;
      const deed = meetingDeed(strict, loose);
      if (deed === null) continue;
      const message = `It meets \`${strict.id}\`, which says ${strict.then} and holds where both match. For example: ${deedInWords(deed)}.`;
      doubts.push({ rule: loose.id, message });
    }
  }
  return doubts;
}

/** What no run can do without, and what becomes of one that is refused it. */
const needed: [Deed, string][] = [
  [{ on: 'model', model: 'anthropic/claude', listed: true }, 'models of Anthropic, so that no run on them can begin'],
  [{ on: 'spend', what: 'start', times: 1, percent: 0, progress: false, offHours: false }, 'every start of a run'],
  [{ on: 'handoff', lines: 1, files: 1 }, 'hand-offs: a run that meets it can never deliver what it did'],
  [{ on: 'git', act: 'push', ref: 'fleet/1', own: true }, 'the push of a run’s branch, so that nothing is handed over'],
  [{ on: 'gate', gate: 'merge' }, 'every merge'],
];

/** A policy may refuse all of this; it is hardly meant. */
function starving(policy: PolicyDocument): Doubt[] {
  const compiled = compilePolicy([platformFloor, documentLayer('org', policy)]);
  return needed.flatMap(([deed, what]) => {
    const { verdict, rule } = judge(compiled, deed);
    if (verdict !== 'deny') return [];
    return [{ rule: rule === 'default' ? 'otherwise' : rule, message: `It refuses ${what}.` }];
  });
}

/** Conflicts, rules that never speak, and what a policy takes away that it hardly means to. */
export function findDoubts(policy: PolicyDocument): Doubt[] {
  const { limits, defaults } = rulesOf(policy);
  const floor = platformFloor.limits;
  const all = [...floor, ...limits, ...defaults];
  const own = [...policy.limits, ...policy.defaults];
  const doubts = own.flatMap((rule) =>
    doubtsOf(
      rule,
      all.filter((other) => other.id !== rule.id),
    ),
  );
  doubts.push(...meetings(own, new Set(doubts.map(({ rule }) => rule))));
  const names = new Set(
    policy.preset ? [...presets[policy.preset].limits, ...presets[policy.preset].defaults].map(({ id }) => id) : [],
  );
  const unknown = policy.without.filter((id) => !names.has(id));
  doubts.push(
    ...unknown.map((id) => ({ rule: id, message: 'It is left out under `without`, and the preset has no such rule.' })),
  );
  doubts.push(...starving(policy));
  if (policy.otherwise?.else === 'deny' && policy.otherwise.command === 'deny')
    doubts.push({
      rule: 'otherwise',
      message: 'It refuses every command that no rule allows, so most runs can do no work.',
    });
  return doubts;
}
