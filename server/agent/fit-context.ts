import { contextPlan } from '../domain/context/plan.ts';
import { accountOf } from '../domain/context/prompt-size.ts';
import {
  mergeSummaries,
  missingIn,
  readSummary,
  type Summary,
  type SummaryHeading,
} from '../domain/context/summary.ts';
import type { RunEvent } from '../domain/events/run-events.ts';
import type { ModelMessage } from '../domain/ports/model.ts';
import type { RunEndReason } from '../domain/runs/run-state.ts';
import { nextMessages } from '../domain/transcript/fold.ts';
import { compactionRequest } from '../domain/transcript/notices.ts';
import type { Transcript } from '../domain/transcript/transcript.ts';
import { askModel, type ModelTurn, type Reply } from './call-model.ts';
import { compactedText } from './compacted-text.ts';
import { contextFull } from './outcomes.ts';
import type { Slice } from './slice.ts';
import { headOf } from './text/truncate.ts';

const mostSummaryTokens = 8000;
const mostRejectedBytes = 32 * 1024;

/** A summary that cannot be paid for is done without. */
const wanting = new Set<RunEndReason>(['cost_exhausted', 'tokens_exhausted']);

const nothingUsed = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/** The conversation as it is, so that it is read from the cache, with the request behind it. */
function withRequest(messages: ModelMessage[], missing: readonly string[] = []): ModelMessage[] {
  const last = messages.at(-1);
  if (last?.role !== 'user') throw new Error('A conversation ends with what the agent is told.');
  const content = [...last.content, { type: 'text' as const, text: compactionRequest(missing) }];
  return [...messages.slice(0, -1), { role: 'user', content }];
}

function textOf({ reply }: Reply): string {
  const texts = reply.content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  return texts.join('\n').trim();
}

/** What the agent said of the conversation, in one try or in two. */
function summaryOf({ rejectedSummary }: Transcript, asked: Reply | null): Summary {
  const earlier = readSummary(rejectedSummary?.text ?? '');
  return asked ? mergeSummaries(earlier, readSummary(textOf(asked))) : earlier;
}

/** Written down with what it took, so that a crash or a replay asks just the same for the rest. */
function rejected(asked: Reply, missing: SummaryHeading[], turn: number): RunEvent {
  const { reply, costMicros, durationMs } = asked;
  const { model, usage } = reply;
  const text = headOf(textOf(asked), mostRejectedBytes);
  return { kind: 'summary.rejected', payload: { turn, missing, text, model, usage, costMicros, durationMs } };
}

function whatItTook(asked: Reply | null, model: string) {
  if (!asked) return { asked: false, model, usage: nothingUsed, costMicros: 0, durationMs: 0 };
  const { reply, costMicros, durationMs } = asked;
  return { asked: true, model: reply.model, usage: reply.usage, costMicros, durationMs };
}

/** The last reply stays word for word, since its results are still to be read; everything before it goes. */
function compacted({ transcript }: Slice, asked: Reply | null): RunEvent {
  const summary = summaryOf(transcript, asked);
  const { Decisions: decisions } = summary;
  const last = transcript.closed.at(-1)?.role === 'assistant' ? 1 : 0;
  return {
    kind: 'context.compacted',
    payload: {
      turn: transcript.turn,
      by: Object.keys(summary).length === 0 ? 'platform' : 'model',
      dropped: transcript.closed.length - last,
      text: compactedText(summary, transcript),
      ...(decisions === undefined ? {} : { decisions }),
      before: accountOf(transcript),
      ...whatItTook(asked, transcript.model),
    },
  };
}

type Halted = Exclude<ModelTurn, { kind: 'replied' }>;

/** Asks for a summary, once more where it lacks parts, and lets it stand for what came before. Null to go on. */
async function sumUp(slice: Slice): Promise<Halted | null> {
  const { rejectedSummary, turn } = slice.transcript;
  const messages = () => withRequest(nextMessages(slice.transcript), rejectedSummary?.missing);
  const maxTokens = Math.min(slice.backend.maxTokens, mostSummaryTokens);
  const asked = await askModel(slice, { purpose: 'compaction', messages, maxTokens });
  if (asked.kind === 'interrupted' || asked.kind === 'switched' || asked.kind === 'later') return asked;
  if (asked.kind === 'ended' && !wanting.has(asked.outcome.reason)) return asked;
  const reply = asked.kind === 'reply' ? asked : null;
  const missing = missingIn(summaryOf(slice.transcript, reply));
  if (reply && missing.length > 0 && rejectedSummary === null) {
    await slice.commit(rejected(reply, missing, turn));
    return sumUp(slice);
  }
  await slice.commit(compacted(slice, reply));
  return null;
}

/**
 * Makes room before the next model call where the conversation has outgrown its window, or where the provider has said so.
 * Null to go on. A summary that lacks parts is asked for once more; what is still missing then, or cannot be had for want of
 * money, tokens or room, is replaced by what the log itself knows.
 */
export async function fitContext(slice: Slice): Promise<Halted | null> {
  const { transcript, backend } = slice;
  const plan = contextPlan(transcript, backend.windowTokens);
  const { turn, overflow } = transcript;
  if (overflow && (transcript.compactedAt === turn || transcript.closed.length === 0)) {
    return { kind: 'ended', outcome: contextFull };
  }
  if (plan.clear.length > 0) {
    slice.add({ kind: 'context.cleared', payload: { turn, calls: plan.clear, before: accountOf(transcript) } });
  }
  return plan.compact ? sumUp(slice) : null;
}
