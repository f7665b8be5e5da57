import type { NetworkPolicy } from '../network/network-policy.ts';
import type { OwnClasses } from '../scope/own-classes.ts';
import type { WriteScope } from '../scope/write-scope.ts';
import { documentLayer, policyDocument, type PolicyDocument } from './document.ts';
import { platformFloor } from './floor.ts';
import { roleLayer, taskLayer } from './layers.ts';
import { compilePolicy, type Layer, type Policy } from './policy.ts';
import type { PresetName } from './presets/presets.ts';
import { repoLayers } from './repo-layers.ts';

export const presetDocument = (preset: PresetName): PolicyDocument => policyDocument.parse({ preset });

/** The policy of an org that has changed nothing. */
export const balanced: Layer = documentLayer('org', presetDocument('balanced'));

/** What a run's role and task confine it to. */
export type RunScope = WriteScope & { network?: NetworkPolicy };

/** What a run is decided by: the platform's floor, the org's and the repo's layer, its role and its task. */
export function runPolicy({
  layers,
  scope: { role, network, taskScope },
  classes = null,
}: {
  /** The org's layer and, where it has one, the repo's. */
  layers: readonly Layer[];
  scope: RunScope;
  /** What people have added to classes for the repo; it can only refuse more. */
  classes?: OwnClasses | null;
}): Policy {
  const all = [platformFloor, ...layers, roleLayer(role, network), taskLayer(taskScope)];
  const policy = compilePolicy(all);
  // Besides and not instead: a rule that allows a class, or leaves it out, would allow more where the class is wider.
  return classes === null ? policy : { ...policy, besides: compilePolicy(repoLayers(all, classes)) };
}
