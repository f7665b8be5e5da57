import type { ClassCounts, ChangedFile, RuleFiles } from '../policy/access/files.ts';
import type { Verdict } from '../policy/verdict.ts';

/** What one answer looks like on a page: the verdict, with the number of the policy version instead of its id. */
export type AccessVerdict = Omit<Verdict, 'version'> & { version: number | null };

/** Something an agent could do; one verdict for each side. */
export type AccessRow = { kind: string; what: string; verdicts: AccessVerdict[] };

/** `get` and `post`: the page that a tool fetches. `sandbox`: whether the proxy of its sandbox lets it through. */
export type HostRow = { host: string; why: string; get: AccessVerdict[]; post: AccessVerdict[]; sandbox: boolean[] };

export type SecretRow = {
  name: string;
  places: string[];
  inSetUp: boolean;
  inRuns: boolean;
  /** By side: the places that a run of it reaches, so that the secret goes there. */
  reached: string[][];
};

/** What is left this month, or of the task. Null: no limit. */
export type MoneyRow = { of: string; name: string; limitMicros: number | null; leftMicros: number | null };

export type AccessSide = {
  role: string;
  title: string;
  roleVersion: number;
  policyVersion: number;
  /** A run that is under way: its first policy version counts besides, and what people have opened for it. */
  run: { id: string; startedWith: number; grants: number } | null;
  writes: string;
  tools: string[];
  classes: ClassCounts[];
  byRule: RuleFiles[];
  runLimits: { micros: number; seconds: number };
  money: MoneyRow[];
};

export type AccessView = {
  commit: string | null;
  /** Why its files could not be read; the rest holds all the same. */
  fileProblem: string | null;
  files: { judged: number; total: number };
  /** What other tasks have reserved now. */
  held: { globs: string[]; by: string; until: string }[];
  sides: AccessSide[];
  changed: { total: number; shown: (Omit<ChangedFile, 'before' | 'after'> & { verdicts: AccessVerdict[] })[] } | null;
  commands: AccessRow[];
  hosts: HostRow[];
  mcp: AccessRow[];
  gates: AccessRow[];
  secrets: SecretRow[];
};

/** `verdict`: null for a tool of Fleet's own, which a role is given or not. */
export type AccessAnswer = { role: string; noTool: string | null; verdict: AccessVerdict | null };
