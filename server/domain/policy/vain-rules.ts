import { covers } from './cover.ts';
import { deedInWords } from './deed.ts';
import { rulesOf, type PolicyDocument } from './document.ts';
import { platformFloor } from './floor.ts';
import { looksElsewhere, meetingDeed } from './meet.ts';
import type { LayerName } from './verdict.ts';
import type { Rule } from './rule.ts';
import { isStricter } from './verdict.ts';

/** A rule that would allow more than a layer above lets it. `whole`: nowhere does it speak. */
type VainRule = { rule: string; layer: LayerName; by: string; whole: boolean; message: string };

const layerWords: Partial<Record<LayerName, string>> = { platform: 'of the platform', org: 'of the org' };

function vainBy(rule: Rule, limit: Rule, layer: LayerName): VainRule | null {
  const named = { rule: rule.id, layer, by: limit.id };
  const where = layerWords[layer] ?? '';
  const above = `the limit \`${limit.id}\` ${where} says ${limit.then}`;
  if (rule.id === limit.id) {
    const message = `\`${rule.id}\` says ${rule.then}, and has the id of a limit ${where} that says ${limit.then}. A lower layer only narrows limits: it cannot take the place of that one.`;
    return { ...named, whole: true, message };
  }
  if (covers(limit, rule)) {
    const message = `\`${rule.id}\` says ${rule.then}, and ${above} about all of it. A lower layer only narrows limits: it cannot loosen this one.`;
    return { ...named, whole: true, message };
  }
  const deed = looksElsewhere(limit, rule) ? null : meetingDeed(limit, rule);
  if (deed === null) return null;
  const message = `\`${rule.id}\` says ${rule.then}; where both match, ${above} and holds. For example: ${deedInWords(deed)}.`;
  return { ...named, whole: false, message };
}

/** Rules that a repo's policy has itself and that limits above it overrule, in whole or in part. */
export function vainRules(repo: PolicyDocument, org: PolicyDocument): VainRule[] {
  const above: [LayerName, readonly Rule[]][] = [
    ['platform', platformFloor.limits],
    ['org', rulesOf(org).limits],
  ];
  return [...repo.limits, ...repo.defaults].flatMap((rule) => {
    const stricter = above.flatMap(([layer, limits]) =>
      limits.filter(({ then }) => isStricter(then, rule.then)).map((limit) => vainBy(rule, limit, layer)),
    );
    const found = stricter.filter((each) => each !== null);
    return found.find(({ whole }) => whole) ?? found[0] ?? [];
  });
}
