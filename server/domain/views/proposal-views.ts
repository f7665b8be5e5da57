import type { PolicyView } from './policy-views.ts';
import type { YamlProblem } from '../policy/strict-yaml.ts';
import type { DefinitionView } from './definition-view.ts';

/** What a file of a repo proposes, as the viewer sees it. */
export type ProposalView = {
  id: string;
  repoId: string;
  repo: string;
  path: string;
  commit: string;
  digest: string;
  status: 'open' | 'accepted' | 'dismissed';
  /** Of one that was put before others. */
  approvalId: string | null;
  reason: string;
  decidedBy: string | null;
  decidedAt: string | null;
  createdAt: string;
  /** Why it cannot be read, each with its place. */
  problems: YamlProblem[];
  /** The file as it is, where it cannot be read. */
  text: string;
  /** What it would change; null where it cannot be read. */
  change: Omit<DefinitionView, 'note'> | null;
  /** The number of the version in force that it is compared with: 0 where there is none, null where it cannot be read. */
  basedOn: number | null;
  /** Of what accepting it would bring; null where it cannot be read. */
  hash: string | null;
  /** Rules that limits above overrule; `whole`: it cannot be accepted so. */
  vain: { message: string; whole: boolean }[];
};

export type ProposalsView = {
  proposals: ProposalView[];
  /** Of one repo: its rules in force, and the versions before them, the newest first. */
  policy: Pick<PolicyView, 'version' | 'versions'> | null;
  /** Whether what is accepted has to be approved by somebody else. */
  isApproved: boolean;
  /** The number of the org's policy that they are compared under. */
  orgVersion: number;
};
