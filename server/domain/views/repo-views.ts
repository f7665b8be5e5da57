/** Read models about repos. Times are ISO 8601 UTC. */
import type { Waits } from '../runs/run-state.ts';
import type { EnvironmentReport } from '../setup/environment.ts';
import type { RepoSetup } from '../setup/repo-setup.ts';

export type RepoView = {
  id: string;
  name: string;
  source: 'sample' | 'local' | 'git';
  remote: string;
  defaultBranch: string;
  testCommand: string;
  setup: RepoSetup;
  files: number;
  createdAt: string;
};

/** `confirmed`: whether a person has confirmed which of its files are auth, money and public API. */
export type ListedRepo = RepoView & { confirmed: boolean };

/** A repo's environment as it was last checked. `current`: with the commands that the repo has now. */
export type EnvironmentCheckView = {
  id: string;
  repoId: string;
  commit: string | null;
  status: 'queued' | 'running' | 'passed' | 'failed';
  current: boolean;
  report: EnvironmentReport;
  waits: Waits | null;
  createdAt: string;
  endedAt: string | null;
};

/** What connecting a repo would save, shown before it is saved. */
export type RepoProbeView = {
  remote: string;
  name: string;
  defaultBranch: string;
  head: string;
  files: number;
  bytes: number;
  testCommand: string;
  /** Package managers that were recognised. */
  managers: string[];
  /** The repo's own file that said so, and why it is not followed where it is not. */
  declaredIn: string | null;
  problem: string | null;
  setup: RepoSetup;
  notes: string[];
  millis: number;
};

/** What the default branch of a connected repo proposes now. */
export type RepoSurveyView = Pick<RepoProbeView, 'managers' | 'declaredIn' | 'problem' | 'setup' | 'notes'> & {
  commit: string;
  testCommand: string | null;
};
