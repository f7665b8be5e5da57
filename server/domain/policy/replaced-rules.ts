import { covers } from './cover.ts';
import { deedInWords, type Deed, type DeedKind } from './deed.ts';
import { isFindable, meetingDeed } from './meet.ts';
import { compilePolicy, judge, type Layer } from './policy.ts';
import type { Rule } from './rule.ts';
import { layerNames, outweighs, type Decider, type LayerName, type VerdictWord } from './verdict.ts';

/** A rule where it stands. */
export type Placed = { rule: Rule; layer: LayerName; list: 'limits' | 'defaults' };

/** The rules of layers, each where it stands. */
export const placedIn = (layers: readonly Layer[]): Placed[] =>
  layers.flatMap(({ name: layer, limits, defaults }) => [
    ...limits.map((rule) => ({ rule, layer, list: 'limits' as const })),
    ...defaults.map((rule) => ({ rule, layer, list: 'defaults' as const })),
  ]);

const isHigher = (one: LayerName, other: LayerName) => layerNames.indexOf(one) < layerNames.indexOf(other);

/** What holds where no rule speaks of a kind, and the layer that says so: the lowest that says anything about it. */
export function fallbackIn(layers: readonly Layer[], kind: DeedKind | 'else'): { layer: LayerName; then: VerdictWord } {
  const lowestFirst = layers.toSorted((one, other) => (isHigher(one.name, other.name) ? 1 : -1));
  for (const { name: layer, otherwise = {} } of lowestFirst) {
    const then = otherwise[kind] ?? otherwise.else;
    if (then !== undefined) return { layer, then };
  }
  return { layer: 'platform', then: 'deny' };
}

const weighed = ({ then, who }: Rule) => ({ verdict: then, who });
/** Of a rule that asks nobody in particular, the requester. */
const said = ({ then, who = 'requester' }: { then: VerdictWord; who?: Decider | undefined }) =>
  then === 'ask' ? `ask ${who}` : then;

const whose: Partial<Record<LayerName, string>> = {
  platform: 'the platform’s ',
  org: 'the org’s ',
  repo: 'the repo’s ',
};

/** `before` and `after`: layers from the platform's down. */
export type Versions = { before: readonly Layer[]; after: readonly Layer[] };

/** Something stricter in whose place a rule speaks, in a sentence. `whole`: for all that is seen, wherever the rule speaks. */
type Replaced = { whole: boolean; words: string };

/**
 * What a rule that came would speak in the place of and that is stricter than it: defaults of higher layers, and what holds
 * where no rule speaks. Of kinds for which nothing can be made up that two rules match, they are said to meet.
 */
export function replacedBy(came: Placed, versions: Versions): Replaced[] {
  return [...replacedDefaults(came, versions), ...replacedFallback(came, versions)];
}

function replacedDefaults({ rule, layer, list }: Placed, versions: Versions): Replaced[] {
  const { before, after } = versions;
  if (list === 'limits') return [];
  const beside = placedIn(after).filter((each) => each.list === 'limits' || each.layer === layer);
  const stays = (gone: Rule) =>
    beside.some((each) => !outweighs(weighed(gone), weighed(each.rule)) && covers(each.rule, gone));
  const outweighed = placedIn(before).filter(
    ({ rule: gone, ...at }) =>
      at.list === 'defaults' &&
      isHigher(at.layer, layer) &&
      gone.on === rule.on &&
      outweighs(weighed(gone), weighed(rule)) &&
      !stays(gone),
  );
  return outweighed.flatMap((gone) => replacing(rule, gone, versions));
}

/** One rule in the place of a stricter one, where they meet or may. */
function replacing(rule: Rule, { rule: gone, layer }: Placed, versions: Versions): Replaced[] {
  const deed = meetingDeed(gone, rule);
  // What allows is looser as it is, without saying where it may be.
  if (deed === null && (isFindable(rule.on) || rule.then === 'allow')) return [];
  const isShown = deed !== null && isLooser(deed, versions);
  const words = `\`${rule.id}\` ${isShown ? 'takes' : 'may take'} the place of ${whose[layer] ?? 'the '}default \`${gone.id}\`: ${said(rule)} instead of ${said(gone)}.`;
  const whole = deed === null || covers(gone, rule);
  return [{ whole, words: isShown ? `${words} For example: ${deedInWords(deed)}.` : words }];
}

function isLooser(deed: Deed, { before, after }: Versions): boolean {
  return outweighs(judge(compilePolicy(before), deed), judge(compilePolicy(after), deed));
}

/** A default silences what holds where no rule speaks, and so does a limit that is not of a lower layer. */
const silences = ({ layer, list }: Placed, fallback: LayerName) => list === 'defaults' || !isHigher(fallback, layer);

function replacedFallback(came: Placed, { before, after }: Versions): Replaced[] {
  const { rule } = came;
  if (rule.then !== 'ask') return [];
  const [was, is] = [fallbackIn(before, rule.on), fallbackIn(after, rule.on)];
  if (!outweighs({ verdict: was.then }, weighed(rule)) || !silences(came, is.layer)) return [];
  const spokeBefore = placedIn(before).some(
    (each) => each.rule.then !== 'allow' && silences(each, was.layer) && covers(each.rule, rule),
  );
  const isLimited = placedIn(after).some(
    (each) => each.list === 'limits' && each.rule.then === 'deny' && covers(each.rule, rule),
  );
  if (spokeBefore || isLimited) return [];
  const words = `\`${rule.id}\` may take the place of what holds where no rule speaks: ${said(rule)} instead of ${was.then}.`;
  return [{ whole: true, words }];
}
