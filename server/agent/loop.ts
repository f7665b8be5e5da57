import type { RunEvent } from '../domain/events/run-events.ts';
import type { RunOutcome } from '../domain/runs/run-state.ts';
import { toolClassOf } from '../domain/tools/tool-classes.ts';
import { fitContext } from './fit-context.ts';
import { callModel, cutOffByCrash } from './call-model.ts';
import { intentsOf } from './intents.ts';
import { interruptionOf } from './interruption.ts';
import { interruptedOutcome, outcomeOf, stuckOutcome } from './outcomes.ts';
import type { AgentPorts, RunLimits, SliceEnd, SliceStart } from './ports.ts';
import { closeLostCalls, lostCallsOf, runCalls } from './run-calls.ts';
import { Slice } from './slice.ts';
import { addTexts, isNudged, stuckOf } from './tell.ts';

/** Puts what a crash left open into a state that can be gone on from, and says so in the log. */
async function resume(slice: Slice, { generation, worker }: SliceStart): Promise<void> {
  const { openModelCall } = slice.transcript;
  const intents = await intentsOf(slice);
  const lost = lostCallsOf(slice);
  const lostCalls = lost.map(({ call }) => call.callId);
  slice.add({ kind: 'slice.started', payload: { generation, worker, lostCalls } });
  if (openModelCall) slice.add(cutOffByCrash(openModelCall));
  closeLostCalls(slice, lost);
  await slice.commit(...intents);
}

async function end(slice: Slice, outcome: RunOutcome): Promise<SliceEnd> {
  const unrecorded = await slice.takeUnwritten();
  return { kind: 'ended', outcome, unrecorded, totals: slice.transcript.totals };
}

async function goOn(slice: Slice, afterMs: number): Promise<SliceEnd> {
  await slice.commit();
  return { kind: 'continue', afterMs, totals: slice.transcript.totals };
}

/** The end of the slice that an interruption brings, or null when there is none. */
async function interrupted(slice: Slice): Promise<SliceEnd | null> {
  const cause = interruptionOf(slice.signal);
  if (!cause) return null;
  const outcome = interruptedOutcome(cause, slice.budget);
  return outcome ? end(slice, outcome) : goOn(slice, 0);
}

/** The work tree as the last turn left it. Only a call that writes, or a job, can have changed it since the turn before. */
async function keepTree({ transcript, ports, signal }: Slice): Promise<RunEvent[]> {
  const { turn, snapshot, calls, jobs, concluded } = transcript;
  if (turn === 0 || snapshot?.turn === turn || concluded || signal.aborted) return [];
  const wrote = jobs.length > 0 || calls.some(({ tool }) => (toolClassOf(tool)?.effect ?? 'write') === 'write');
  const kept = snapshot && !wrote ? { commit: snapshot.commit, leftOut: [] } : await ports.snapshot(turn);
  return kept ? [{ kind: 'workspace.snapshotted', payload: { turn, ...kept } }] : [];
}

/** Not before a turn was made since `turn`, or a host that is slow to begin a slice would begin them for ever. */
function isOver({ transcript, elapsedMs, limits }: Slice, turn: number): boolean {
  return transcript.turn > turn && elapsedMs >= limits.sliceMs;
}

async function drive(slice: Slice): Promise<SliceEnd> {
  const { turn } = slice.transcript;
  let areOld = true;
  for (;;) {
    const waiting = await runCalls(slice, areOld);
    areOld = false;
    const { totals } = slice.transcript;
    if (waiting) {
      const { waits, on } = waiting;
      return { kind: 'waiting', waits, on, unrecorded: await slice.takeUnwritten(), totals };
    }
    // Both only read the world as the calls have left it, and each takes a while.
    const [kept, heard] = await Promise.all([keepTree(slice), slice.ports.inbox(isNudged(slice))]);
    slice.add(...kept);
    const outcome = outcomeOf(slice.transcript, slice.budget);
    if (outcome) return end(slice, outcome);
    const cut = await interrupted(slice);
    if (cut) return cut;
    const stuck = stuckOf(slice);
    if (stuck && slice.transcript.trail.told) return end(slice, stuckOutcome(stuck));
    if (slice.ports.pausing()) return { kind: 'paused', unrecorded: await slice.takeUnwritten(), totals };
    if (isOver(slice, turn)) return goOn(slice, 0);
    await addTexts(slice, heard);
    const next = (await fitContext(slice)) ?? (await callModel(slice));
    if (next.kind === 'ended') return end(slice, next.outcome);
    if (next.kind === 'later') return goOn(slice, next.afterMs);
  }
}

/**
 * Advances a run by one slice: model call, then its tool calls, until a turn boundary after `sliceMs`, a wait or an end.
 * Two commits a turn: results with the next reservation, then the reply with its intents. Limits are outcomes; a lost
 * lease or sandbox throws, and the log is what the next slice goes on from.
 */
export async function advanceRun(ports: AgentPorts, start: SliceStart, limits: RunLimits): Promise<SliceEnd> {
  const slice = new Slice(ports, start, limits);
  try {
    if (slice.transcript.ended) return await end(slice, slice.transcript.ended);
    await resume(slice, start);
    return await drive(slice);
  } finally {
    slice.close();
  }
}
