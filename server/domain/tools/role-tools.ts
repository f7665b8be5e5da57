import { toolNames, type RoleBody, type ToolName } from '../roles/role-body.ts';

/** Tools that only one kind of role can use: the others' end of a run, and what would write where nothing may be written. */
const onlyFor: { [T in ToolName]?: RoleBody['contract'] } = {
  handoff: 'build',
  create: 'build',
  replace: 'build',
  insert: 'build',
  claim_paths: 'build',
  request_scope: 'build',
  request_budget: 'build',
  plan: 'build',
  decide: 'review',
  report: 'explore',
};

/** The tools that a role of this kind can have. */
export function toolsFor(contract: RoleBody['contract']): ToolName[] {
  return toolNames.filter((tool) => (onlyFor[tool] ?? contract) === contract);
}

const endings = { build: 'handoff', review: 'decide', explore: 'report' } as const satisfies Record<
  RoleBody['contract'],
  ToolName
>;

/** The tool that ends a run; no role of the kind works without it. */
export function endingTool(contract: RoleBody['contract']): ToolName {
  return endings[contract];
}
