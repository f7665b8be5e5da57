/** An agent with what its role says now. */
export type AgentView = {
  id: string;
  name: string;
  role: string;
  title: string;
  purpose: string;
  /** In words, with back-ticks round patterns. */
  write: string;
  tools: string[];
  /** What one run may use. */
  secondsLimit: number;
  costLimitMicros: number;
  openRuns: number;
  retiredAt: string | null;
};
