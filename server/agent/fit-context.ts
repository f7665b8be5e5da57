import { contextPlan } from '../domain/context/plan.ts';
import { accountOf } from '../domain/context/prompt-size.ts';
import type { RunEvent } from '../domain/events/run-events.ts';
import type { ModelMessage } from '../domain/ports/model.ts';
import type { RunEndReason } from '../domain/runs/run-state.ts';
import { nextMessages } from '../domain/transcript/fold.ts';
import { compactionRequest } from '../domain/transcript/notices.ts';
import { askModel, type ModelTurn, type Reply } from './call-model.ts';
import { compactedText } from './compacted-text.ts';
import { contextFull } from './outcomes.ts';
import type { Slice } from './slice.ts';

const mostSummaryTokens = 8000;

/** A summary that cannot be paid for is done without. */
const wanting = new Set<RunEndReason>(['cost_exhausted', 'tokens_exhausted']);

const nothingUsed = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/** The conversation as it is, so that it is read from the cache, with the request behind it. */
function withRequest(messages: ModelMessage[]): ModelMessage[] {
  const last = messages.at(-1);
  if (last?.role !== 'user') throw new Error('A conversation ends with what the agent is told.');
  const content = [...last.content, { type: 'text' as const, text: compactionRequest }];
  return [...messages.slice(0, -1), { role: 'user', content }];
}

function summaryOf({ reply }: Reply): string {
  const texts = reply.content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  return texts.join('\n').trim();
}

function whatItTook(asked: Reply | null, model: string) {
  if (!asked) return { asked: false, model, usage: nothingUsed, costMicros: 0, durationMs: 0 };
  const { reply, costMicros, durationMs } = asked;
  return { asked: true, model: reply.model, usage: reply.usage, costMicros, durationMs };
}

/** The last reply stays word for word, since its results are still to be read; everything before it goes. */
function compacted({ transcript }: Slice, asked: Reply | null): RunEvent {
  const summary = asked ? summaryOf(asked) : '';
  const last = transcript.closed.at(-1)?.role === 'assistant' ? 1 : 0;
  return {
    kind: 'context.compacted',
    payload: {
      turn: transcript.turn,
      by: summary === '' ? 'platform' : 'model',
      dropped: transcript.closed.length - last,
      text: compactedText({ summary, plan: transcript.plan, said: transcript.said, facts: transcript.facts }),
      before: accountOf(transcript),
      ...whatItTook(asked, transcript.model),
    },
  };
}

/**
 * Makes room before the next model call where the conversation has outgrown its window, or where the provider has said so.
 * Null to go on. A summary that cannot be had, for want of money or of room, is replaced by what the log itself knows.
 */
export async function fitContext(slice: Slice): Promise<Exclude<ModelTurn, { kind: 'replied' }> | null> {
  const { transcript, limits } = slice;
  const plan = contextPlan(transcript, limits.windowTokens);
  const { turn, overflow } = transcript;
  if (overflow && (transcript.compactedAt === turn || transcript.closed.length === 0)) {
    return { kind: 'ended', outcome: contextFull };
  }
  if (plan.clear.length > 0) {
    slice.add({ kind: 'context.cleared', payload: { turn, calls: plan.clear, before: accountOf(transcript) } });
  }
  if (!plan.compact) return null;
  const messages = withRequest(nextMessages(slice.transcript));
  const maxTokens = Math.min(limits.maxTokens, mostSummaryTokens);
  const asked = await askModel(slice, { purpose: 'compaction', messages, maxTokens });
  if (asked.kind === 'interrupted' || asked.kind === 'later') return asked;
  if (asked.kind === 'ended' && !wanting.has(asked.outcome.reason)) return asked;
  await slice.commit(compacted(slice, asked.kind === 'reply' ? asked : null));
  return null;
}
