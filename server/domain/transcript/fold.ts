import type { RunEvent, RunEventKind, RunEventPayload } from '../events/run-events.ts';
import type { ContentBlock, ModelMessage } from '../ports/model.ts';
import type { RunEndReason } from '../runs/run-state.ts';
import { isLandingNotice } from './notices.ts';
import { emptyTranscript, type Call, type Transcript } from './transcript.ts';

type Fold<K extends RunEventKind> = (transcript: Transcript, payload: RunEventPayload<K>) => Transcript;

/** Tools whose accepted call is the run's result. */
const conclusions: Record<string, RunEndReason> = { handoff: 'handed_off', decide: 'decided' };

/** What the API takes back of a reply: no empty text, and no thinking that nothing follows. */
function sendable(content: ContentBlock[]): ContentBlock[] {
  const kept = content.filter((block) => block.type !== 'text' || block.text.trim() !== '');
  const last = kept.findLastIndex((block) => block.type === 'text' || block.type === 'tool_use');
  return kept.slice(0, last + 1);
}

function openUserMessage({ calls, texts }: Transcript): ModelMessage & { role: 'user' } {
  const results = calls.map(({ callId, text, isError }) => {
    if (text === null) throw new Error(`The call ${callId} has no result yet.`);
    return { type: 'tool_result' as const, tool_use_id: callId, content: text, is_error: isError };
  });
  return { role: 'user', content: [...results, ...texts.map((text) => ({ type: 'text' as const, text }))] };
}

function asked(content: ContentBlock[]): Call[] {
  return content
    .filter((block) => block.type === 'tool_use')
    .map(({ id, name, input }) => ({ callId: id, tool: name, input, verdict: null, text: null, isError: false }));
}

const replied: Fold<'model.replied'> = (before, { turn, content, stopReason, usage, costMicros }) => {
  const kept = sendable(content);
  const calls = asked(kept);
  const { totals } = before;
  const after: Transcript = {
    ...before,
    turn,
    lastStop: stopReason,
    lastTokens: usage.input + usage.cacheRead + usage.cacheWrite + usage.output,
    silentReplies: calls.length === 0 ? before.silentReplies + 1 : 0,
    spokenTo: false,
    failures: 0,
    openModelCall: null,
    totals: {
      turns: turn,
      toolCalls: totals.toolCalls,
      input: totals.input + usage.input,
      output: totals.output + usage.output,
      cacheRead: totals.cacheRead + usage.cacheRead,
      cacheWrite: totals.cacheWrite + usage.cacheWrite,
      costMicros: totals.costMicros + costMicros,
    },
  };
  if (kept.length === 0) return after;
  const closed = [...before.closed, openUserMessage(before), { role: 'assistant' as const, content: kept }];
  const callIds = [...before.callIds, ...calls.map(({ callId }) => callId)];
  return { ...after, closed, calls, callIds, texts: [] };
};

function withCall(transcript: Transcript, callId: string, change: Partial<Call>): Transcript {
  const calls = transcript.calls.map((call) => (call.callId === callId ? { ...call, ...change } : call));
  return { ...transcript, calls };
}

const folds: { [K in RunEventKind]: Fold<K> } = {
  'run.started': (before, { system, model, firstMessage, definitions = null }) => ({
    ...before,
    system,
    model,
    definitions,
    texts: [firstMessage],
  }),
  'slice.started': (before) => ({ ...before, waiting: null }),
  'message.added': (before, { source, text }) => ({
    ...before,
    texts: [...before.texts, text],
    spokenTo: true,
    landing: before.landing || (source === 'platform' && isLandingNotice(text)),
  }),
  'model.called': (before, { turn, reservedMicros }) => ({ ...before, openModelCall: { turn, reservedMicros } }),
  'model.replied': replied,
  'model.failed': (before, { fault, costMicros }) => ({
    ...before,
    openModelCall: null,
    failures: fault === 'interrupted' ? before.failures : before.failures + 1,
    totals: { ...before.totals, costMicros: before.totals.costMicros + costMicros },
  }),
  'tool.intended': (before, { callId, verdict }) => ({
    ...withCall(before, callId, { verdict }),
    totals: { ...before.totals, toolCalls: before.totals.toolCalls + 1 },
  }),
  'tool.finished': (before, { callId, tool, outcome, text }) => ({
    ...withCall(before, callId, { text, isError: outcome !== 'ok' }),
    concluded: (outcome === 'ok' ? conclusions[tool] : undefined) ?? before.concluded,
  }),
  'run.waiting': (before, { waits, approvalId }) => ({ ...before, waiting: { waits, approvalId } }),
  'run.resumed': (before) => ({ ...before, waiting: null }),
  'commit.recorded': (before) => before,
  'network.requested': (before) => before,
  'run.handed-off': (before) => ({ ...before, concluded: before.concluded ?? 'handed_off' }),
  'run.ended': (before, { outcome }) => ({ ...before, ended: outcome }),
};

/** One event further. */
export function extendTranscript(transcript: Transcript, { kind, payload }: RunEvent): Transcript {
  return (folds[kind] as Fold<typeof kind>)(transcript, payload as never);
}

/** The whole of a run's log, first event first. Pure: the same log gives the same bytes for the next model call. */
export function foldTranscript(events: readonly RunEvent[]): Transcript {
  return events.reduce(extendTranscript, emptyTranscript);
}

/** The calls of the last reply that have no result yet, in order. */
export function openCalls({ calls }: Transcript): Call[] {
  return calls.filter((call) => call.text === null);
}

/** The messages of the next model call. Throws while a call is open: every tool_use gets exactly one tool_result. */
export function nextMessages(transcript: Transcript): ModelMessage[] {
  const open = openUserMessage(transcript);
  if (open.content.length === 0) throw new Error('There is nothing to say to the model.');
  return [...transcript.closed, open];
}
