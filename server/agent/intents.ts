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

const undecided = ({ transcript }: Slice) => transcript.calls.filter((call) => call.verdict === null);

function decided(slice: Slice): RunEvent[] {
  const { transcript, ports } = slice;
  return undecided(slice).map(({ callId, tool, input }): RunEvent => {
    const { verdict } = decideCall(ports, tool, input);
    return { kind: 'tool.intended', payload: { turn: transcript.turn, callId, tool, input, verdict } };
  });
}

/** The intents, each with its verdict, of the calls of the last reply that have none in the log. */
export async function intentsOf(slice: Slice): Promise<RunEvent[]> {
  const news = undecided(slice).length > 0 ? await slice.ports.rules.renew() : [];
  return [...news, ...decided(slice)];
}

/** Writes them behind what is unwritten: by the rules as they stand at that moment, or by none. */
export async function commitIntents(slice: Slice): Promise<void> {
  if (undecided(slice).length === 0) return slice.commit();
  for (;;) {
    const rules = await slice.rulesNow();
    const went = await slice.commitDecided(decided(slice), { rules });
    if (went === 'written') return;
    if (went === 'refused') throw new Error('A reply reserves nothing, and was refused its reservation.');
  }
}
