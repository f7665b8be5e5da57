import type { RunEvent } from '../domain/events/run-events.ts';
import type { Verdict } from '../domain/policy/verdict.ts';
import type { AgentPorts, PreparedCall } from './ports.ts';
import type { Slice } from './slice.ts';

/** A call that cannot be read does nothing, so there is nothing to decide on. */
const unreadable: Verdict = {
  verdict: 'deny',
  rule: 'unreadable-call',
  layer: 'platform',
  reason: 'The call names no tool of this run or its arguments do not fit, so nothing was run.',
};

type Deciding = Pick<AgentPorts, 'tools'> & { rules: Pick<AgentPorts['rules'], 'decide'> };

/** A call as its tool takes it, null where none can, and what is decided on it. */
export function decideCall({ tools, rules }: Deciding, tool: string, input: unknown) {
  const prepared = tools.prepare(tool, input);
  if ('problem' in prepared) return { prepared: null, verdict: unreadable };
  return { prepared: prepared as PreparedCall, verdict: rules.decide(prepared.action, tool) };
}

/** The intents, each with its verdict, of the calls of the last reply that have none in the log. */
export async function intentsOf({ transcript, ports }: Slice): Promise<RunEvent[]> {
  const undecided = transcript.calls.filter((call) => call.verdict === null);
  const news = undecided.length > 0 ? await ports.rules.renew() : [];
  const intents = undecided.map(({ callId, tool, input }): RunEvent => {
    const { verdict } = decideCall(ports, tool, input);
    return { kind: 'tool.intended', payload: { turn: transcript.turn, callId, tool, input, verdict } };
  });
  return [...news, ...intents];
}
