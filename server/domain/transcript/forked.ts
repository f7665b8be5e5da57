import type { RunEventPayload } from '../events/run-events.ts';
import { emptyTranscript, type Transcript } from './transcript.ts';

/** The conversation goes on; what was spent, what ran and what was held against the agent stays with the earlier run. */
export function forked(before: Transcript, { turn, commit }: RunEventPayload<'run.forked'>): Transcript {
  const { system, model, definitions, task, said, closed, calls, callIds, texts, size, lastTokens } = before;
  const { bytesPerToken, compactedAt, facts, plan, decisions, rulesRead, jobsStarted, switched } = before;
  return {
    ...emptyTranscript,
    ...{ system, model, definitions, task, said, closed, calls, callIds, texts, size, lastTokens },
    ...{ bytesPerToken, compactedAt, facts, plan, decisions, rulesRead, jobsStarted, switched },
    turn: before.turn,
    snapshot: { turn, commit },
    totals: { ...emptyTranscript.totals, turns: before.turn },
  };
}
