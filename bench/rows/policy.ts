import { decide, type PolicyContext } from '../../server/domain/policy/decide.ts';
import { documentLayer, rulesOf } from '../../server/domain/policy/document.ts';
import { presetDocument, runPolicy } from '../../server/domain/policy/run-policy.ts';
import { rule, type Rule } from '../../server/domain/policy/rule.ts';
import type { FigureRow } from '../figures.ts';
import { backtestFigures } from '../ours/backtest.ts';
import { commandsOf } from '../ours/commands-of-agents.ts';

const seed = 20_261_128;
const decisions = 50_000;
const rules = 200;

/** The balanced preset filled up to 200 rules, most of them about commands. */
function contextOf(): PolicyContext {
  const document = presetDocument('balanced');
  const { limits, defaults } = rulesOf(document);
  const more = Array.from({ length: rules - limits.length - defaults.length }, (_, at): Rule => {
    const body =
      at % 3 === 0 ? { on: 'write', paths: [`area-${at}/**`] } : { on: 'command', run: [`tool-${at} run *`] };
    return rule.parse({ id: `more-${at}`, then: 'ask', ...body });
  });
  const layer = documentLayer('org', { ...document, defaults: more });
  const scope = { role: { include: ['**'], exclude: ['@ci', '@secrets'] }, taskScope: ['src/**', 'test/**'] };
  return { policy: runPolicy({ layers: [layer], scope }), grants: [], held: [] };
}

export const policyRow: FigureRow = {
  name: 'policy',
  work: `one decision on a parsed shell command under ${rules} rules, ${decisions} commands`,
  async measure() {
    const context = contextOf();
    const again = contextOf();
    const commands = commandsOf({ count: decisions, seed });
    const warm = commands.slice(0, 2_000);
    for (const command of warm) decide(context, { kind: 'shell', command });
    let differing = 0;
    const took = commands.map((command) => {
      const began = performance.now();
      const { verdict, rule: by } = decide(context, { kind: 'shell', command });
      const micros = (performance.now() - began) * 1_000;
      const other = decide(again, { kind: 'shell', command });
      if (other.verdict !== verdict || other.rule !== by) differing += 1;
      return micros;
    });
    const sorted = took.toSorted((one, other) => one - other);
    const at = (share: number) => sorted[Math.floor(sorted.length * share)]!;
    const p99 = at(0.99);
    const backtest = await backtestFigures(seed);
    return {
      row: 'policy',
      seed,
      figures: [
        { name: 'median, p99, p99.9', value: `${at(0.5).toFixed(0)}, ${p99.toFixed(0)}, ${at(0.999).toFixed(0)} µs` },
        ...backtest.figures,
      ],
      targets: [
        { what: 'µs of a decision, p99', value: p99, limit: 200, met: p99 <= 200 },
        { what: 'decisions that another compile changed', value: differing, limit: 0, met: differing === 0 },
        ...backtest.targets,
      ],
    };
  },
};
