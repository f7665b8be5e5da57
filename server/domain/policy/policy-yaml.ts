import { stringify } from 'yaml';
import { policyDocument, type PolicyDocument } from './document.ts';
import { readStrictYaml, type YamlProblem } from './strict-yaml.ts';

type PolicyReading = { ok: true; policy: PolicyDocument } | { ok: false; problems: YamlProblem[] };

/** Reads a policy from YAML; every problem with its place and in words. Nothing is guessed, nothing is left out. */
export function readPolicy(text: string): PolicyReading {
  const reading = readStrictYaml(text, { schema: policyDocument, what: 'policy' });
  return reading.ok ? { ok: true, policy: reading.value } : reading;
}

/** A policy as YAML; read again it is the same. */
export function writePolicy(policy: PolicyDocument): string {
  const said = Object.fromEntries(
    Object.entries(policy).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
  return stringify(said, { lineWidth: 120, aliasDuplicateObjects: false });
}
