import type { CheckEvidence } from '../../domain/checks/evidence.ts';
import type { BuildHandoff, Finding, RoleBody } from '../../domain/roles/role-body.ts';
import type { ClaimProof } from '../../domain/runs/prove-claims.ts';
import type { RepoSetup } from '../../domain/setup/repo-setup.ts';

/** A file of the repository that speaks to agents: AGENTS.md or CLAUDE.md. */
export type Instructions = { path: string; text: string };

export type KnownFinding = Finding & { id: string };

/** What sent a change back. */
type Cause =
  | { reason: 'changes_requested'; summary: string; findings: KnownFinding[] }
  | { reason: 'check_failed'; failing: string[]; outputTail: string }
  | { reason: 'merge_tests_failed'; failing: string[]; outputTail: string }
  | { reason: 'merge_denied' }
  | { reason: 'merge_conflict'; paths: string[]; diff: string }
  | { reason: 'again'; detail: string }
  /** Nobody sent it back: an earlier try got stuck. */
  | { reason: 'fresh' };

/**
 * Why a change comes back to its author. `note` is what the person said who decided to go on; null: nobody was asked.
 * `earlier` is what a try at this very work did before it got stuck.
 */
export type Rework = Cause & { note?: string | null; earlier?: string | null };

/** What a reviewer judges: one commit, what the platform measured on it, and what was said before. */
export type ReviewMaterial = {
  base: string;
  commit: string;
  diff: string;
  changed: { path: string; status: string }[];
  evidence: CheckEvidence;
  handoff: BuildHandoff | null;
  /** The call behind each claim of the hand-off. */
  proofs: ClaimProof[];
  earlier: KnownFinding[];
};

/** A secret that the sandbox holds a placeholder of, in the variable `name`. */
export type BriefSecret = { name: string; header: string; places: string[] };

export type Brief = {
  /** The role's name, e.g. `developer`. */
  role: string;
  body: RoleBody;
  /** Build attempt, or which time this change is reviewed; from 1. */
  round: number;
  repo: { name: string; defaultBranch: string; testCommand: string; setup?: RepoSetup };
  task: { number: number; title: string; body: string; acceptance: string[]; scope: string[] };
  limits: { seconds: number; costMicros: number; turns: number };
  /** What the org's and the repo's policy asks about or refuses, a sentence each; absent in runs older than that. */
  policy?: string[];
  /** What the proxy puts into requests of this run; absent in runs older than that. */
  secrets?: BriefSecret[];
  /** What the run that asked for this helper wants to know; null in any other run. */
  question: string | null;
  /** Those at the root of the repository. */
  instructions: Instructions[];
  /** Paths of those in folders below. */
  nested: string[];
  /** Paths of files by which the repository describes the environment that its people use. */
  hints: string[];
  rework: Rework | null;
  review: ReviewMaterial | null;
};
