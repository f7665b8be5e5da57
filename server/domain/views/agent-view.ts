import type { AgentSettings } from '../agents/agent-settings.ts';
import type { RoleBody } from '../roles/role-body.ts';

/** An agent with what the version of its role says that its next run begins with. */
export type AgentView = {
  id: string;
  name: string;
  role: string;
  title: string;
  purpose: string;
  /** In words, with back-ticks round patterns. */
  write: string;
  tools: RoleBody['tools'];
  /** What one run may use. */
  secondsLimit: number;
  costLimitMicros: number;
  openRuns: number;
  retiredAt: string | null;
  /** The number of the newest revision, and what it says. */
  revision: number;
  settings: AgentSettings;
  /** The repo it works in alone; null: every repo. */
  repo: string | null;
  /** The version of the role it has, and the newest there is. */
  roleVersion: number;
  newestRoleVersion: number;
  /**
   * Who else approves versions of roles, in words; null: nobody has to. What lets the agent do more waits for them too
   * (`waits`), or else it cannot be put at an older version of its role at all.
   */
  approval: { by: string; waits: boolean } | null;
};

export type AgentRevisionView = {
  version: number;
  settings: AgentSettings;
  /** The whole of it as text, to be compared. */
  text: string;
  note: string;
  author: string | null;
  createdAt: string;
  runs: number;
};
