/** What a tool call is about to do, as policy sees it. Paths are as the agent wrote them, relative to the work tree. */
export type Action =
  | { kind: 'shell'; command: string }
  | { kind: 'file_read'; path: string }
  | { kind: 'own_output' }
  | { kind: 'file_write'; path: string }
  /** Looking at or ending a background job of this run. */
  | { kind: 'own_job' }
  /** Looking at or using the page in the browser of its sandbox. */
  | { kind: 'own_page' }
  /** Fetching an address through the proxy, which decides on each request by the network rules. */
  | { kind: 'fetch'; url: string }
  | { kind: 'plan' }
  /** Reserving paths for the task. */
  | { kind: 'claim_paths' }
  | { kind: 'handoff' }
  | { kind: 'decide' }
  /** Anything that is put to people: a question, a blocker, a request for more scope or budget. */
  | { kind: 'ask_person' };
