import { callableMicros, callableTokens, promptTokensAtMost, reserve, type NextCall } from '../domain/budget/budget.ts';
import { bytesOf, imageTokensAtMost } from '../domain/context/account.ts';
import type { RunEvent } from '../domain/events/run-events.ts';
import {
  ModelError,
  type ModelMessage,
  type ModelReply,
  type ModelRequest,
  type ResultImage,
} from '../domain/ports/model.ts';
import { costMicros, worstCaseMicros } from '../domain/prices/cost.ts';
import type { RunOutcome } from '../domain/runs/run-state.ts';
import { nextMessages } from '../domain/transcript/fold.ts';
import { interruptionOf } from './interruption.ts';
import type { Backend } from './ports.ts';
import { commitIntents } from './intents.ts';
import { judgeModel, notAllowed } from './judge-model.ts';
import { costExhausted, fatalFaults, modelUnavailable, tokensExhausted } from './outcomes.ts';
import { withOwnIds } from './own-ids.ts';
import type { Slice } from './slice.ts';

const mostFailures = 10;
/** Another run may take what is left between a look and the reservation; each time there is less to take. */
const mostRefusals = 20;
const longestWaitMs = 60_000;
const triesBeforeFallback = 3;

/** Why a model call brought no reply: a reason to look again, a later try in a new slice, or the end. */
type NoReply =
  /** Cut off from our side, or another model is to be asked with a conversation in its own shape. */
  | { kind: 'interrupted' | 'switched' }
  /** The provider refused the prompt as too long: room must be made. */
  | { kind: 'overflow' }
  | { kind: 'later'; afterMs: number }
  | { kind: 'ended'; outcome: RunOutcome };
export type ModelTurn = { kind: 'replied' } | NoReply;

export type Reply = { kind: 'reply'; reply: ModelReply; turn: number; costMicros: number; durationMs: number };

/** `messages`: as the transcript then is. */
type Ask = { purpose?: 'compaction'; messages(): ModelMessage[]; maxTokens: number };

/** An upper bound: what the provider counted last time, and what has come since. */
function promptTokens({ transcript, definitions }: Slice, messages: ModelMessage[]): number {
  const { countedByOther, system } = transcript;
  // Two makers count the same text up to twice as differently.
  const lastTokens = transcript.lastTokens * (countedByOther ? 2 : 1);
  const news = lastTokens > 0 ? messages.slice(-1) : messages;
  const prefix = lastTokens > 0 ? 0 : bytesOf(system) + bytesOf(definitions);
  const blocks = news.reduce((sum, message) => sum + message.content.length, 0);
  const images = imagesIn(news).reduce((sum, image) => sum + imageTokensAtMost(image), 0);
  return lastTokens + images + promptTokensAtMost({ bytes: prefix + bytesOf(news), blocks });
}

function imagesIn(messages: readonly ModelMessage[]): ResultImage[] {
  return messages.flatMap(({ content }) =>
    content.flatMap((block) => (block.type === 'tool_result' ? (block.images ?? []) : [])),
  );
}

/** What the next call uses at most, if its reply is as long as it may be. */
export function nextCall(slice: Slice): NextCall {
  const messages = nextMessages(slice.transcript);
  const most = { promptTokens: promptTokens(slice, messages), maxTokens: slice.backend.maxTokens };
  return {
    micros: worstCaseMicros(slice.backend.prices, most),
    tokens: most.promptTokens + most.maxTokens,
  };
}

function waitMs({ transcript, ports }: Slice, retryAfterMs: number | null): number {
  const backoff = Math.min(longestWaitMs, 1000 * 2 ** transcript.failures);
  const spread = ports.clock.now().getMilliseconds() % 250;
  return Math.max(retryAfterMs ?? 0, backoff + spread);
}

async function imagesFor({ ports }: Slice, messages: ModelMessage[]): Promise<Pick<ModelRequest, 'images'>> {
  const wanted = imagesIn(messages);
  return wanted.length === 0 || !ports.images ? {} : { images: await ports.images(wanted) };
}

type Completing = { request: ModelRequest; onText: ((delta: string) => void) | undefined };

async function complete(slice: Slice, { request, onText }: Completing): Promise<ModelReply | ModelError> {
  const { model } = slice.backend;
  try {
    return await model.complete(request, { signal: slice.signal, ...(onText ? { onText } : {}) });
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

/** What a broken call counts as: what was seen of it, nothing when it was refused, else all that it may have used. */
function costOf({ backend }: Slice, { error: { fault, usage }, reservedMicros }: Omit<Failed, 'turn'>): number {
  if (usage) return Math.min(reservedMicros, costMicros(backend.prices, usage));
  return fault === 'interrupted' ? reservedMicros : 0;
}

/** The model that takes over now, null to go on with the one there is. A switch is for good: its cache is warm from then on. */
async function fallbackFor(slice: Slice, failures: number): Promise<Backend | null> {
  const { ports, transcript } = slice;
  if (transcript.switched || failures < triesBeforeFallback || !ports.fallback) return null;
  // A switch is written down before the call is, by which it is for good.
  slice.add(...(await ports.rules.renew()));
  const { verdict } = await judgeModel(slice, ports.fallback);
  return verdict.verdict === 'allow' ? ports.fallback : null;
}

async function failed(slice: Slice, { turn, error, reservedMicros }: Failed): Promise<NoReply | null> {
  const { fault, message } = error;
  const cost = costOf(slice, { error, reservedMicros });
  const event = (retryInMs: number | null): RunEvent => ({
    kind: 'model.failed',
    payload: { turn, fault, message, retryInMs, costMicros: cost },
  });
  if (fault === 'interrupted' || fault === 'too_long') {
    slice.add(event(0));
    return { kind: fault === 'too_long' ? 'overflow' : 'interrupted' };
  }
  const fatal = fatalFaults[fault]?.(message);
  const failures = slice.transcript.failures + 1;
  if (fatal || failures >= mostFailures) {
    slice.add(event(null));
    return { kind: 'ended', outcome: fatal ?? modelUnavailable(fault, message, failures) };
  }
  const fallback = await fallbackFor(slice, failures);
  if (fallback) {
    const { model: from } = slice.transcript;
    const switched = { turn, from, to: fallback.name, fault, failures };
    await slice.commit(event(0), { kind: 'model.switched', payload: switched });
    return { kind: 'switched' };
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
 * One model call: writes what is unwritten with the reservation, then calls. Faults that pass are waited out within the
 * slice. The reply is not yet in the log. Throws what `record` throws, and on a lost lease.
 */
export async function askModel(slice: Slice, { purpose, messages: told, maxTokens }: Ask): Promise<Reply | NoReply> {
  const { ports } = slice;
  let refusals = 0;
  for (;;) {
    const messages = told();
    const shown = await imagesFor(slice, messages);
    const { verdict, basis } = await judgeModel(slice, slice.backend);
    if (verdict.verdict !== 'allow') return { kind: 'ended', outcome: notAllowed(slice.backend, verdict) };
    const { transcript } = slice;
    const turn = transcript.turn + 1;
    const most = { prices: ports.budget.prices, promptTokens: promptTokens(slice, messages), maxTokens };
    const money = { ...most, remainingMicros: callableMicros(slice.budget) };
    const reservation = reserve({ ...money, remainingTokens: callableTokens(slice.budget) });
    if (!reservation || refusals > mostRefusals) {
      const outcome = reserve(money) && !reservation ? tokensExhausted(slice.budget) : costExhausted(slice.budget);
      return { kind: 'ended', outcome };
    }
    const { system } = transcript;
    const { name: model } = slice.backend;
    const payload = { turn, model, verdict, ...reservation, ...(purpose ? { purpose } : {}) };
    const went = await slice.commitDecided([{ kind: 'model.called', payload }], { rules: basis, call: true });
    refusals += Number(went === 'refused');
    if (went !== 'written') continue;
    const calledAt = ports.clock.elapsed();
    const request = { model, system, messages, tools: slice.definitions, maxTokens: reservation.maxTokens, ...shown };
    const onText = purpose ? undefined : (delta: string) => ports.onText?.(turn, delta);
    const reply = await complete(slice, { request, onText });
    if (reply instanceof ModelError) {
      const none = await failed(slice, { turn, error: reply, reservedMicros: reservation.reservedMicros });
      if (none) return none;
      continue;
    }
    const durationMs = Math.round(ports.clock.elapsed() - calledAt);
    return { kind: 'reply', reply, turn, costMicros: costMicros(slice.backend.prices, reply.usage), durationMs };
  }
}

/** One turn's model call, and its reply written down with the intents of its calls. */
export async function callModel(slice: Slice): Promise<ModelTurn> {
  const { transcript, backend } = slice;
  const asked = await askModel(slice, { messages: () => nextMessages(slice.transcript), maxTokens: backend.maxTokens });
  if (asked.kind !== 'reply') return asked;
  const { reply, turn, costMicros: cost, durationMs } = asked;
  const content = withOwnIds(reply.content, { turn, known: transcript.callIds });
  slice.add({ kind: 'model.replied', payload: { turn, ...reply, content, costMicros: cost, durationMs } });
  await commitIntents(slice);
  return { kind: 'replied' };
}
