import type { RunEvent } from '../domain/events/run-events.ts';
import { interruptedCall, neverStartedCall, supersededCall } from '../domain/transcript/notices.ts';
import { openCalls } from '../domain/transcript/fold.ts';
import type { Call } from '../domain/transcript/transcript.ts';
import type { Verdict } from '../domain/policy/verdict.ts';
import { interruptionOf } from './interruption.ts';
import type { PreparedCall, ToolResult } from './ports.ts';
import type { Slice } from './slice.ts';

/** How long a tool may take to notice that it was aborted before its result is given up. */
const abortGraceMs = 700;

type Finished = RunEvent & { kind: 'tool.finished' };
type Result = Omit<ToolResult, 'outcome'> & { outcome: Finished['payload']['outcome'] };

const plain = (outcome: Result['outcome'], text: string): Result => ({
  outcome,
  text,
  exitCode: null,
  droppedBytes: 0,
  blobId: null,
});

/** What the agent reads of a refusal: the rule, the reason, and the one way that is open to this run. */
function refusal({ ports }: Slice, { verdict, rule, reason }: Verdict): string {
  const has = (tool: string) => ports.tools.definitions.some(({ name }) => name === tool);
  const asking = has('request_scope')
    ? 'ask for it with request_scope and say why'
    : has('ask_person')
      ? 'put it to a person with ask_person and say why'
      : 'say so in your report';
  const way =
    verdict === 'ask'
      ? `Nothing was done. If the task needs it, ${asking}; do not try another way.`
      : `Nothing was done. Do not pursue it another way; if the task cannot be done without it, say so with ${['report_blocker', 'ask_person'].find(has) ?? 'report'}.`;
  return `Refused by rule ${rule}: ${reason} ${way}`;
}

function finish(slice: Slice, call: Call, { result, durationMs }: { result: Result; durationMs: number }): void {
  const { ends, events = [], ...rest } = result;
  if (ends?.kind === 'waiting') return;
  const { callId, tool } = call;
  slice.add(
    { kind: 'tool.finished', payload: { turn: slice.transcript.turn, callId, tool, ...rest, durationMs } },
    ...events,
    ...(ends?.events ?? []),
  );
}

function close(slice: Slice, call: Call, result: Result): void {
  finish(slice, call, { result, durationMs: 0 });
}

/** The result of a call that was cut off: an interruption, told in the words of its cause. */
function cutOff(slice: Slice, { tool, callId }: Call): Result {
  const cause = interruptionOf(slice.signal);
  if (cause?.kind === 'time_used') return plain('timed_out', `${tool} was stopped: the run has used its time.`);
  if (cause?.kind === 'budget_used')
    return plain('timed_out', `${tool} was stopped: a budget was lowered and is used up.`);
  if (cause?.kind === 'stopped') return plain('error', `${tool} was stopped together with the run: ${cause.detail}`);
  return plain('lost', interruptedCall(tool, callId));
}

async function execute(slice: Slice, call: Call, prepared: PreparedCall): Promise<Result> {
  const { clock } = slice.ports;
  const startedAt = clock.elapsed();
  const own = new AbortController();
  const givenUp = new Promise<null>((resolve) => {
    const grace = () =>
      void clock.sleep(abortGraceMs, own.signal).then(
        () => resolve(null),
        () => {},
      );
    if (slice.signal.aborted) grace();
    else slice.signal.addEventListener('abort', grace, { once: true, signal: own.signal });
  });
  const outputs = Object.values(slice.transcript.facts.outputs);
  const ran = prepared.run({ callId: call.callId, signal: slice.signal, outputs });
  const settled = ran.catch((failure: unknown) => {
    if (slice.signal.aborted) return null;
    throw failure;
  });
  try {
    const result = await Promise.race([settled, givenUp]);
    const kept = result ?? cutOff(slice, call);
    finish(slice, call, { result: kept, durationMs: Math.round(clock.elapsed() - startedAt) });
    return kept;
  } finally {
    // A reason of our own: to make the usual one takes longer than all else here.
    own.abort('over');
  }
}

async function executeAll(slice: Slice, batch: [Call, PreparedCall][]): Promise<Result[]> {
  const done = await Promise.allSettled(
    batch.map(async ([call, prepared]) => {
      const result = await execute(slice, call, prepared);
      if (prepared.effect === 'write' && openCalls(slice.transcript).length > 0) slice.commitWhenIdle();
      return result;
    }),
  );
  const failure = done.find((each) => each.status === 'rejected');
  if (failure) throw failure.reason;
  return done.map((each) => (each as PromiseFulfilledResult<Result>).value);
}

/** The next calls that may run together: reads side by side, anything else alone. */
function nextBatch(ready: [Call, PreparedCall][]): [Call, PreparedCall][] {
  const firstOther = ready.findIndex(([, { effect }]) => effect !== 'read');
  return firstOther === 0 ? ready.slice(0, 1) : ready.slice(0, firstOther === -1 ? undefined : firstOther);
}

/** Answers at once what needs no execution; returns what does. */
function sift(slice: Slice): [Call, PreparedCall][] {
  const ready: [Call, PreparedCall][] = [];
  for (const call of openCalls(slice.transcript)) {
    const prepared = slice.ports.tools.prepare(call.tool, call.input);
    if ('problem' in prepared) close(slice, call, plain('error', prepared.problem));
    else if (call.verdict?.verdict !== 'allow') close(slice, call, plain('denied', refusal(slice, call.verdict!)));
    else ready.push([call, prepared]);
  }
  return ready;
}

type Waiting = Extract<NonNullable<ToolResult['ends']>, { kind: 'waiting' }>;

/** A slice that will be gone on from answers the calls it does not start; a run that ends leaves them open. */
function isCutShort(slice: Slice, ready: [Call, PreparedCall][]): boolean {
  const cause = interruptionOf(slice.signal);
  if (cause?.kind === 'draining') {
    for (const [call] of ready) close(slice, call, plain('lost', neverStartedCall(call.tool, call.callId)));
  }
  return cause !== null;
}

/** What has become of permissions while another call ran: a rule that was made meanwhile holds for the next action already. */
async function stillAllowed(slice: Slice, ready: [Call, PreparedCall][]): Promise<[Call, PreparedCall][]> {
  const { rules } = slice.ports;
  slice.add(...(await rules.renew()));
  return ready.filter(([call, { action }]) => {
    const verdict = rules.decide(action, call.tool);
    if (verdict.verdict !== 'allow') close(slice, call, plain('denied', refusal(slice, verdict)));
    return verdict.verdict === 'allow';
  });
}

/**
 * Runs the open calls of the last reply in order, reads side by side. Their results are in the transcript afterwards,
 * written no later than the next commit. `areOld`: they were decided on by an earlier slice. Returns what the run waits for,
 * where a call asked a person.
 */
export async function runCalls(slice: Slice, areOld: boolean): Promise<Waiting | null> {
  let ready = sift(slice);
  let isDecidedNow = !areOld;
  while (ready.length > 0) {
    if (isCutShort(slice, ready)) return null;
    if (!isDecidedNow) ready = await stillAllowed(slice, ready);
    const batch = nextBatch(ready);
    if (batch.length === 0) return null;
    isDecidedNow = false;
    const rest = ready.slice(batch.length);
    const [first, prepared] = batch[0]!;
    if (prepared.effect === 'desk') await slice.commit();
    const results = await executeAll(slice, batch);
    const ends = results[0]?.ends;
    if (ends) for (const [call] of rest) close(slice, call, plain('error', supersededCall(call.tool, first.tool)));
    if (ends?.kind === 'waiting') return ends;
    ready = ends ? [] : rest;
  }
  return null;
}

type Closing = { call: Call; text: string };

/**
 * After a crash: calls that were begun and must not be repeated come back as lost, and a desk call that stood behind one
 * as never started. The rest is run again.
 */
export function lostCallsOf({ transcript, ports }: Slice): Closing[] {
  const allowed = openCalls(transcript).filter((call) => call.verdict?.verdict === 'allow');
  const begun = allowed.map((call) => {
    const prepared = ports.tools.prepare(call.tool, call.input);
    // A tool that was there when the call was allowed and is closed since: nobody knows whether it had begun.
    if ('problem' in prepared) return { call, effect: 'write', idempotent: false };
    return { call, effect: prepared.effect, idempotent: prepared.idempotent };
  });
  if (begun.every(({ idempotent }) => idempotent)) return [];
  return begun.flatMap(({ call, effect, idempotent }) => {
    if (!idempotent) return [{ call, text: interruptedCall(call.tool, call.callId) }];
    return effect === 'desk' ? [{ call, text: neverStartedCall(call.tool, call.callId) }] : [];
  });
}

export function closeLostCalls(slice: Slice, lost: Closing[]): void {
  for (const { call, text } of lost) close(slice, call, plain('lost', text));
}
