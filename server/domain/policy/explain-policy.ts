import { rulesOf } from './document.ts';
import { findDoubts, type Doubt } from './find-doubts.ts';
import { readPolicy } from './policy-yaml.ts';
import type { YamlProblem } from './strict-yaml.ts';
import type { Rule } from './rule.ts';
import { ruleInWords } from './sentence.ts';
import { tryCases, type FailedCase } from './try-cases.ts';

export type Explained =
  | { ok: false; problems: YamlProblem[] }
  | {
      ok: true;
      /** Rules written in the policy itself, each as a sentence. */
      rules: { id: string; as: 'limit' | 'default'; words: string }[];
      preset: { name: string; rules: number } | null;
      doubts: Doubt[];
      cases: number;
      failed: FailedCase[];
    };

/** What a policy means, what is doubtful in it, and which of its cases fail. */
export function explainPolicy(yaml: string): Explained {
  const reading = readPolicy(yaml);
  if (!reading.ok) return reading;
  const { policy } = reading;
  const said = (as: 'limit' | 'default') => (rule: Rule) => ({ id: rule.id, as, words: ruleInWords(rule) });
  const rules = [...policy.limits.map(said('limit')), ...policy.defaults.map(said('default'))];
  const { limits, defaults } = rulesOf(policy);
  const ofPreset = limits.length + defaults.length - rules.length;
  return {
    ok: true,
    rules,
    preset: policy.preset ? { name: policy.preset, rules: ofPreset } : null,
    doubts: findDoubts(policy),
    cases: policy.cases.length,
    failed: tryCases(policy),
  };
}
