import { callableMicros, promptTokensAtMost, reserve } from '../domain/budget/budget.ts';
import type { RunEvent } from '../domain/events/run-events.ts';
import { ModelError, type ModelMessage, type ModelReply, type ModelRequest } from '../domain/ports/model.ts';
import { costMicros, worstCaseMicros } from '../domain/prices/cost.ts';
import type { RunOutcome } from '../domain/runs/run-state.ts';
import { nextMessages } from '../domain/transcript/fold.ts';
import { interruptionOf } from './interruption.ts';
import { intentsOf } from './intents.ts';
import { costExhausted, fatalFaults, modelUnavailable } from './outcomes.ts';
import { withOwnIds } from './own-ids.ts';
import type { Slice } from './slice.ts';

const mostFailures = 10;
/** Another run may take what is left between a look and the reservation; each time there is less to take. */
const mostRefusals = 20;
const longestWaitMs = 60_000;

/** What a model call came to: a turn in the log, a reason to look again, a later try in a new slice, or the end. */
export type ModelTurn =
  { kind: 'replied' | 'interrupted' } | { kind: 'later'; afterMs: number } | { kind: 'ended'; outcome: RunOutcome };

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value), 'utf8');

/** An upper bound: what the provider counted last time, and what has come since. */
function promptTokens({ transcript, definitions }: Slice, messages: ModelMessage[]): number {
  const { lastTokens, system } = transcript;
  const news = lastTokens > 0 ? messages.slice(-1) : messages;
  const prefix = lastTokens > 0 ? 0 : bytes(system) + bytes(definitions);
  const blocks = news.reduce((sum, message) => sum + message.content.length, 0);
  return lastTokens + promptTokensAtMost({ bytes: prefix + bytes(news), blocks });
}

/** What the next call costs at most, if its reply is as long as it may be, in µ$. */
export function nextCallMicros(slice: Slice): number {
  const messages = nextMessages(slice.transcript);
  const most = { promptTokens: promptTokens(slice, messages), maxTokens: slice.limits.maxTokens };
  return worstCaseMicros(slice.ports.budget.prices, most);
}

function waitMs({ transcript, ports }: Slice, retryAfterMs: number | null): number {
  const backoff = Math.min(longestWaitMs, 1000 * 2 ** transcript.failures);
  const spread = ports.clock.now().getMilliseconds() % 250;
  return Math.max(retryAfterMs ?? 0, backoff + spread);
}

async function complete(slice: Slice, request: ModelRequest, turn: number): Promise<ModelReply | ModelError> {
  const { model, onText } = slice.ports;
  try {
    return await model.complete(request, { signal: slice.signal, onText: (delta) => onText?.(turn, delta) });
  } catch (failure) {
    if (interruptionOf(slice.signal)) {
      const usage = failure instanceof ModelError ? failure.usage : null;
      return new ModelError('interrupted', 'The call was cut off from our side.', null, usage);
    }
    if (failure instanceof ModelError) return failure;
    throw failure;
  }
}

type Failed = { turn: number; error: ModelError; reservedMicros: number };

async function failed(slice: Slice, { turn, error, reservedMicros }: Failed): Promise<ModelTurn | null> {
  const { fault, message, usage } = error;
  const seen = usage && Math.min(reservedMicros, costMicros(slice.ports.budget.prices, usage));
  const cost = seen ?? (fault === 'interrupted' ? reservedMicros : 0);
  const event = (retryInMs: number | null): RunEvent => ({
    kind: 'model.failed',
    payload: { turn, fault, message, retryInMs, costMicros: cost },
  });
  if (fault === 'interrupted') {
    slice.add(event(0));
    return { kind: 'interrupted' };
  }
  const fatal = fatalFaults[fault]?.(message);
  const failures = slice.transcript.failures + 1;
  if (fatal || failures >= mostFailures) {
    slice.add(event(null));
    return { kind: 'ended', outcome: fatal ?? modelUnavailable(fault, message, failures) };
  }
  const afterMs = waitMs(slice, error.retryAfterMs);
  const later = slice.elapsedMs + afterMs > slice.limits.sliceMs;
  await slice.commit(event(later ? null : afterMs));
  if (later) return { kind: 'later', afterMs };
  await slice.ports.clock.sleep(afterMs, slice.signal).catch(() => {});
  return slice.signal.aborted ? { kind: 'interrupted' } : null;
}

/** A call that was in the air when the server stopped: nobody saw what it used, so its reservation stands. */
export function cutOffByCrash({ turn, reservedMicros }: { turn: number; reservedMicros: number }): RunEvent {
  const message = 'The server stopped while the model was answering; the call counts as what was reserved for it.';
  const payload = { turn, fault: 'interrupted', message, retryInMs: 0, costMicros: reservedMicros } as const;
  return { kind: 'model.failed', payload };
}

/**
 * One turn's model call: writes the results so far with the reservation, calls, and writes the reply with its intents.
 * Faults that pass are waited out within the slice. Throws what `record` throws, and on a lost lease.
 */
export async function callModel(slice: Slice): Promise<ModelTurn> {
  const { ports, limits } = slice;
  let refusals = 0;
  for (;;) {
    const { transcript } = slice;
    const messages = nextMessages(transcript);
    const turn = transcript.turn + 1;
    const reservation = reserve({
      prices: ports.budget.prices,
      promptTokens: promptTokens(slice, messages),
      maxTokens: limits.maxTokens,
      remainingMicros: callableMicros(slice.budget),
      remainingTokens: slice.budget.tokensLeft,
    });
    if (!reservation || refusals > mostRefusals) return { kind: 'ended', outcome: costExhausted(slice.budget) };
    const { model, system } = transcript;
    if (!(await slice.commitCall({ kind: 'model.called', payload: { turn, model, ...reservation } }))) {
      refusals += 1;
      continue;
    }
    const calledAt = ports.clock.elapsed();
    const request = { model, system, messages, tools: slice.definitions, maxTokens: reservation.maxTokens };
    const reply = await complete(slice, request, turn);
    if (reply instanceof ModelError) {
      const next = await failed(slice, { turn, error: reply, reservedMicros: reservation.reservedMicros });
      if (next) return next;
      continue;
    }
    const durationMs = Math.round(ports.clock.elapsed() - calledAt);
    const cost = costMicros(ports.budget.prices, reply.usage);
    const content = withOwnIds(reply.content, { turn, known: transcript.callIds });
    slice.add({ kind: 'model.replied', payload: { turn, ...reply, content, costMicros: cost, durationMs } });
    await slice.commit(...intentsOf(slice));
    return { kind: 'replied' };
  }
}
