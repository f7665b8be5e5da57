import { platformFloor } from './floor.ts';
import type { Layer, Otherwise } from './policy.ts';
import { fallbackIn, placedIn, replacedBy, type Placed } from './replaced-rules.ts';
import { ruleInWords } from './sentence.ts';
import { isStricter, outweighs } from './verdict.ts';

/** What other versions of layers say otherwise, in sentences: `stricter` holds at once, `looser` for later runs. */
export type ChangedRules = { stricter: string[]; looser: string[] };

type Said = Placed & { key: string; words: string };

const saidIn = (layers: readonly Layer[]): Said[] =>
  placedIn(layers).map(({ rule, layer, list }) => ({
    ...{ rule, layer, list },
    key: JSON.stringify([layer, list, rule]),
    words: `${rule.id}: ${ruleInWords(rule)}`,
  }));

const missingIn = (rules: readonly Said[], others: readonly Said[]) => {
  const known = new Set(others.map(({ key }) => key));
  return rules.filter(({ key }) => !known.has(key));
};

const weighed = ({ rule: { then, who } }: Placed) => ({ verdict: then, who });

/** Whether a rule that came is one that went, with less to say. */
const isWeakened = (came: Said, went: readonly Said[]) =>
  went.some(
    (each) => each.rule.id === came.rule.id && each.layer === came.layer && outweighs(weighed(each), weighed(came)),
  );

/**
 * A rule that came and refuses or asks is stricter, and so is one that went and allowed; the others are looser. Looser is too
 * what came and speaks where something stricter did, or may; where that is so in a part alone, it is stricter in the rest.
 */
export function changedRules(earlier: readonly Layer[], later: readonly Layer[]): ChangedRules {
  const [before, after] = [
    [platformFloor, ...earlier],
    [platformFloor, ...later],
  ];
  const [old, now] = [saidIn(before), saidIn(after)];
  const changed: ChangedRules = { stricter: [], looser: [] };
  const went = missingIn(old, now);
  for (const each of missingIn(now, old)) {
    const replaced = replacedBy(each, { before, after });
    const isLooser = each.rule.then === 'allow' || replaced.some(({ whole }) => whole) || isWeakened(each, went);
    changed[isLooser ? 'looser' : 'stricter'].push(each.words);
    changed.looser.push(...replaced.map(({ words }) => words));
  }
  for (const { rule, words } of went) changed[rule.then === 'allow' ? 'stricter' : 'looser'].push(`no longer ${words}`);
  for (const [kind, then, was] of otherwiseIn(before, after))
    if (then !== was) changed[isStricter(then, was) ? 'stricter' : 'looser'].push(`otherwise, ${kind}: ${then}`);
  return changed;
}

/** Each kind for which a layer says what holds where no rule speaks, with what holds after and what held before. */
function otherwiseIn(before: readonly Layer[], after: readonly Layer[]) {
  const kinds = new Set([...before, ...after].flatMap(({ otherwise = {} }) => Object.keys(otherwise)));
  return [...kinds].map((each) => {
    const kind = each as keyof Otherwise;
    return [kind, fallbackIn(after, kind).then, fallbackIn(before, kind).then] as const;
  });
}
