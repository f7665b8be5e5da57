import type { RunEvent } from '../domain/events/run-events.ts';

/** A text that the agent is told before its next reply. */
export const say = (source: 'platform' | 'person', text: string, commandId?: string): RunEvent => ({
  kind: 'message.added',
  payload: { source, text, ...(commandId === undefined ? {} : { commandId }) },
});
