import type { Layer, Otherwise } from './policy.ts';
import { ruleInWords } from './sentence.ts';
import { isStricter, type VerdictWord } from './verdict.ts';

/** What other versions of layers say otherwise, in sentences: `stricter` holds at once, `looser` for later runs. */
export type ChangedRules = { stricter: string[]; looser: string[] };

type Said = { key: string; words: string; then: VerdictWord };

function rulesIn(layers: readonly Layer[]): Said[] {
  return layers.flatMap(({ name, limits, defaults }) =>
    [limits, defaults].flatMap((rules, list) =>
      rules.map((rule) => ({
        key: JSON.stringify([name, list, rule]),
        words: `${rule.id}: ${ruleInWords(rule)}`,
        then: rule.then,
      })),
    ),
  );
}

const missingIn = (rules: readonly Said[], others: readonly Said[]) => {
  const known = new Set(others.map(({ key }) => key));
  return rules.filter(({ key }) => !known.has(key));
};

type Word = { kind: string; then: VerdictWord };

const wordsIn = (layers: readonly Layer[]): Word[] =>
  layers.flatMap(({ otherwise }) =>
    Object.entries((otherwise ?? {}) as Otherwise).map(([kind, then]) => ({ kind, then: then as VerdictWord })),
  );

/** A rule that came and refuses or asks is stricter, and so is one that went and allowed; the others are looser. */
export function changedRules(before: readonly Layer[], after: readonly Layer[]): ChangedRules {
  const [old, now] = [rulesIn(before), rulesIn(after)];
  const [came, went] = [missingIn(now, old), missingIn(old, now)];
  const gone = ({ words }: Said) => `no longer ${words}`;
  const stricter = [
    ...came.filter(({ then }) => then !== 'allow').map(({ words }) => words),
    ...went.filter(({ then }) => then === 'allow').map(gone),
  ];
  const looser = [
    ...came.filter(({ then }) => then === 'allow').map(({ words }) => words),
    ...went.filter(({ then }) => then !== 'allow').map(gone),
  ];
  for (const { kind, then } of wordsIn(after)) {
    const was = wordsIn(before).find((each) => each.kind === kind)?.then;
    if (was === then) continue;
    const words = `otherwise, ${kind}: ${then}`;
    (was === undefined || isStricter(then, was) ? stricter : looser).push(words);
  }
  return { stricter, looser };
}
