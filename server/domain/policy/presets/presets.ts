import type { Otherwise } from '../policy.ts';
import { rule, type Rule } from '../rule.ts';
import type { Decider, VerdictWord } from '../verdict.ts';
import type { Cell, Row } from './cell.ts';
import { otherRows } from './other-rows.ts';
import { writingRows } from './writing-rows.ts';

export const presetNames = ['cautious', 'balanced', 'autonomous'] as const;
export type PresetName = (typeof presetNames)[number];

/** Rows of the platform's floor are in floor.ts; what a role and a task may write is theirs to say. */
const rows = [...writingRows, ...otherRows];

const verdictOf: Record<'A' | 'D' | 'K', VerdictWord> = { A: 'allow', D: 'deny', K: 'ask' };

function ruleOf(body: Row['body'], cell: NonNullable<Cell>): Rule {
  const [letter, who] = cell.split(' ') as ['A' | 'D' | 'K', Decider?];
  const then = verdictOf[letter];
  const { why, ...rest } = body;
  return rule.parse({
    ...rest,
    then,
    ...(who ? { who } : {}),
    ...(then === 'allow' || why === undefined ? {} : { why }),
  });
}

const otherwise: Record<PresetName, Otherwise> = {
  cautious: { write: 'allow', read: 'allow', handoff: 'allow', command: 'ask', else: 'deny' },
  balanced: { write: 'allow', read: 'allow', handoff: 'allow', command: 'allow', else: 'ask' },
  autonomous: { write: 'allow', read: 'allow', handoff: 'allow', command: 'allow', else: 'ask' },
};

/** Limits, defaults and what holds otherwise, of one preset. */
type Preset = { limits: Rule[]; defaults: Rule[]; otherwise: Otherwise };

function presetOf(name: PresetName): Preset {
  const at = presetNames.indexOf(name);
  const of = (limit: boolean) =>
    rows.flatMap((row) =>
      row.cells[at] !== null && (row.limit ?? false) === limit ? [ruleOf(row.body, row.cells[at]!)] : [],
    );
  return { limits: of(true), defaults: of(false), otherwise: otherwise[name] };
}

export const presets: Record<PresetName, Preset> = {
  cautious: presetOf('cautious'),
  balanced: presetOf('balanced'),
  autonomous: presetOf('autonomous'),
};
