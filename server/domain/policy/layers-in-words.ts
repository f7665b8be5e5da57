import type { DeedKind } from './deed.ts';
import type { Layer } from './policy.ts';
import type { Rule } from './rule.ts';
import { subjectInWords } from './sentence.ts';

/** What an agent can do by itself; the rest meets it where the platform acts for it. */
const own: readonly DeedKind[] = ['command', 'read', 'write', 'network'];

/** Rules of the org and the repo that stand in an agent's way, as two sentences it can plan by. */
export function layersInWords(layers: readonly Layer[]): string[] {
  const rules = layers.flatMap(({ limits, defaults }) => [...limits, ...defaults]).filter(({ on }) => own.includes(on));
  const of = (then: Rule['then']) => [...new Set(rules.filter((rule) => rule.then === then).map(subjectInWords))];
  const asked = of('ask');
  const refused = of('deny');
  return [
    ...(refused.length > 0 ? [`Refused by the rules of this organisation: ${refused.join('; ')}.`] : []),
    ...(asked.length > 0 ? [`Only with a person’s yes, which you request: ${asked.join('; ')}.`] : []),
  ];
}
