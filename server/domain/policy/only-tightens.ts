import canonicalize from 'canonicalize';
import { rulesOf, type PolicyDocument } from './document.ts';

const texts = (rules: readonly unknown[]) => rules.map((rule) => canonicalize(rule) ?? '');

/**
 * Whether `after` does nothing but refuse more than `before`: the same document with more limits that deny, or cases. All else
 * could allow something somewhere: a default silences what holds where no rule speaks, and a rule that asks does so too.
 */
export function onlyTightens(before: PolicyDocument, after: PolicyDocument): boolean {
  const rest = ({ limits: _limits, cases: _cases, ...others }: PolicyDocument) => canonicalize(others);
  if (rest(before) !== rest(after)) return false;
  const [old, now] = [rulesOf(before), rulesOf(after)];
  const [kept, all] = [texts(old.limits), texts(now.limits)];
  const had = new Set(kept);
  return (
    JSON.stringify(texts(old.defaults)) === JSON.stringify(texts(now.defaults)) &&
    kept.every((rule) => all.includes(rule)) &&
    now.limits.every((rule) => had.has(canonicalize(rule) ?? '') || rule.then === 'deny') &&
    texts(before.cases).every((each) => texts(after.cases).includes(each))
  );
}
