import type { Layer, Otherwise } from './policy.ts';
import { ruleInWords } from './sentence.ts';
import { isStricter, layerNames, type VerdictWord } from './verdict.ts';

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

/** What holds where no rule speaks, by kind: the lowest layer that says it. */
function wordsIn(layers: readonly Layer[]): Map<string, VerdictWord> {
  const words = new Map<string, VerdictWord>();
  const lowestLast = layers.toSorted((one, other) => layerNames.indexOf(one.name) - layerNames.indexOf(other.name));
  for (const { otherwise } of lowestLast)
    for (const [kind, then] of Object.entries((otherwise ?? {}) as Otherwise)) words.set(kind, then);
  return words;
}

/** What no layer says is refused. */
const wordFor = (words: ReadonlyMap<string, VerdictWord>, kind: string) =>
  words.get(kind) ?? words.get('else') ?? 'deny';

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
  const [was, is] = [wordsIn(before), wordsIn(after)];
  for (const kind of new Set([...is.keys(), ...was.keys()])) {
    const [earlier, then] = [wordFor(was, kind), wordFor(is, kind)];
    if (earlier !== then) (isStricter(then, earlier) ? stricter : looser).push(`otherwise, ${kind}: ${then}`);
  }
  return { stricter, looser };
}
