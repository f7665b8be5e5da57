import { z } from 'zod';
import { approvalRule } from './approval-rule.ts';
import { policyCase } from './policy-case.ts';
import type { Layer } from './policy.ts';
import { presetNames, presets } from './presets/presets.ts';
import { rule, type Rule } from './rule.ts';
import { verdicts } from './verdict.ts';

const rules = z.array(rule).max(500).default([]);
const word = z.enum(verdicts).optional();

/** A policy as people write it, in YAML or in a form. */
export const policyDocument = z
  .strictObject({
    /** The preset that it begins with; its rows stand for each rule that is not written here under the same id. */
    preset: z.enum(presetNames).optional(),
    /** Rows of the preset that are left out. */
    without: z.array(z.string().max(60)).max(200).default([]),
    /** What lower layers may only narrow. */
    limits: rules,
    /** What lower layers may replace, within the limits. */
    defaults: rules,
    /** What holds where no rule speaks. */
    otherwise: z
      .strictObject({ command: word, read: word, write: word, network: word, mcp: word, external: word, else: word })
      .optional(),
    /** Who may save the next version; admins and owners where nothing is written. */
    changes: z.enum(['admins', 'owners']).optional(),
    /** Who else has to approve the next version, those of roles, and what else it names; nobody where nothing is written. */
    approval: approvalRule.optional(),
    cases: z.array(policyCase).max(500).default([]),
  })
  .superRefine(({ limits, defaults }, context) => {
    const seen = new Set<string>();
    for (const [list, each] of [
      ['limits', limits],
      ['defaults', defaults],
    ] as const) {
      each.forEach(({ id, then }, at) => {
        if (seen.has(id))
          context.addIssue({ code: 'custom', path: [list, at, 'id'], message: `The id ${id} is used twice.` });
        seen.add(id);
        if (list === 'limits' && then === 'allow') {
          const message = 'A limit only narrows, so it cannot allow: write this rule under `defaults`.';
          context.addIssue({ code: 'custom', path: [list, at, 'then'], message });
        }
      });
    }
  });
export type PolicyDocument = z.infer<typeof policyDocument>;

/** The rules of a document with those of its preset, and where each comes from. */
export function rulesOf(document: PolicyDocument): { limits: Rule[]; defaults: Rule[] } {
  const { preset, without, limits, defaults } = document;
  if (preset === undefined) return { limits, defaults };
  const own = new Set([...without, ...[...limits, ...defaults].map(({ id }) => id)]);
  const kept = (list: Rule[]) => list.filter(({ id }) => !own.has(id));
  return {
    limits: [...kept(presets[preset].limits), ...limits],
    defaults: [...kept(presets[preset].defaults), ...defaults],
  };
}

/** A document as a layer of an org or a repo. */
export function documentLayer(name: 'org' | 'repo', document: PolicyDocument, version?: string): Layer {
  const { preset, otherwise } = document;
  const base = preset === undefined ? undefined : presets[preset].otherwise;
  const said = Object.fromEntries(Object.entries(otherwise ?? {}).filter(([, value]) => value !== undefined));
  const all = base === undefined && otherwise === undefined ? {} : { otherwise: { ...base, ...said } };
  return { name, version, ...rulesOf(document), ...all };
}
