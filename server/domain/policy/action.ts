/** What an edit takes away and puts in its place. `whole`: the file was not there before, as far as the tool will say. */
export type Edit = { removed: string; added: string; whole: boolean };

/** How a file comes to be written: by a file tool, by a command, or into the commit that the host builds. */
export type WriteWay = 'tool' | 'command' | 'commit';

/** What an agent, or the platform for it, is about to do, as policy sees it. Paths are as written, relative to the work tree. */
export type Action =
  | { kind: 'shell'; command: string }
  | { kind: 'file_read'; path: string }
  | { kind: 'own_output' }
  | { kind: 'file_write'; path: string; way?: WriteWay; edit?: Edit }
  /** Looking at or ending a background job of this run. */
  | { kind: 'own_job' }
  /** Looking at or using a page in the browser of its sandbox, which shows what the sandbox serves. */
  | { kind: 'browser'; act: BrowserAct }
  /** A request that the platform makes for the agent, or the sandbox through its proxy. */
  | {
      kind: 'fetch';
      url: string;
      method?: string;
      bytesOut?: number;
      tainted?: boolean;
      /** The installation knows the place as a registry that is open, or as its mirror. */
      registry?: boolean;
    }
  | { kind: 'git_ref'; act: 'push' | 'force' | 'tag' | 'delete'; ref: string; own: boolean }
  | { kind: 'mcp_call'; server: string; tool: string; effect: 'reads' | 'writes' | 'destroys'; changed: boolean }
  | { kind: 'external_write'; what: ExternalWrite; nth: number; conduct: Level }
  | { kind: 'spend'; what: 'raise' | 'start'; times?: number; percent?: number; progress?: boolean; offHours?: boolean }
  | { kind: 'model_call'; provider: string; model: string; listed: boolean }
  /** A gate that a person may have to open. */
  | ({ kind: 'gate' } & GateFacts)
  | { kind: 'plan' }
  /** Reserving paths for the task. */
  | { kind: 'claim_paths' }
  /** Having a helper answer a question, and answering the run that asked. */
  | { kind: 'delegate' }
  | { kind: 'report' }
  | { kind: 'handoff'; lines?: number; files?: number }
  | { kind: 'decide' }
  /** Anything that is put to people: a question, a blocker, a request for more scope or budget. */
  | { kind: 'ask_person' };

export const externalWrites = ['draft-pr', 'check', 'own-comment', 'reply', 'label', 'issue'] as const;
export type ExternalWrite = (typeof externalWrites)[number];

export const browserActs = ['open', 'read', 'click', 'type', 'screenshot'] as const;
export type BrowserAct = (typeof browserActs)[number];

export const levels = ['low', 'medium', 'high', 'critical'] as const;
export type Level = (typeof levels)[number];

export const gates = ['plan', 'scope', 'merge', 'start', 'right'] as const;

/**
 * `slight`: a scope request for at most five files that exist, all documents or tests, none with an owner.
 * `large`: a plan of more than ten files, of a protected class, or over $5.
 */
export type GateFacts = { gate: (typeof gates)[number]; slight?: boolean; large?: boolean; what?: string };
