import type { RunEvent } from '../domain/events/run-events.ts';
import type { Verdict } from '../domain/policy/verdict.ts';
import type { Slice } from './slice.ts';

/** A call that cannot be read does nothing, so there is nothing to decide on. */
const unreadable: Verdict = {
  verdict: 'deny',
  rule: 'unreadable-call',
  layer: 'platform',
  reason: 'The call names no tool of this run or its arguments do not fit, so nothing was run.',
};

/** The intents, each with its verdict, of the calls of the last reply that have none in the log. */
export async function intentsOf({ transcript, ports }: Slice): Promise<RunEvent[]> {
  const undecided = transcript.calls.filter((call) => call.verdict === null);
  const news = undecided.length > 0 ? await ports.rules.renew() : [];
  const intents = undecided.map(({ callId, tool, input }): RunEvent => {
    const prepared = ports.tools.prepare(tool, input);
    const verdict = 'problem' in prepared ? unreadable : ports.rules.decide(prepared.action);
    return { kind: 'tool.intended', payload: { turn: transcript.turn, callId, tool, input, verdict } };
  });
  return [...news, ...intents];
}
