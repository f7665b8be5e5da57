/** What a tool call is about to do, as policy sees it. Paths are as the agent wrote them, relative to the work tree. */
export type Action =
  | { kind: 'shell'; command: string }
  | { kind: 'file_read'; path: string }
  | { kind: 'own_output' }
  | { kind: 'file_write'; path: string }
  | { kind: 'handoff' }
  | { kind: 'decide' }
  | { kind: 'ask_person' };
