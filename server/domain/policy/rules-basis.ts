/**
 * What the rules of a run were read as: which versions hold, and what other pipeline runs have reserved of its repository. A
 * commit can be made to fail where any of it is another by then.
 */
export type RulesBasis = {
  repoId: string;
  agentId: string | null;
  pipelineRunId: string;
  heads: { org: string | null; repo: string | null; classes: string | null; role: string | null };
  held: readonly string[];
};
