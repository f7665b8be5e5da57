import type { RoleBody } from '../roles/role-body.ts';

/** An agent with what its role says now. */
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
};
