import { bytesOf, rateOf, weightOfMessage } from '../context/account.ts';
import { extendFacts } from '../context/facts.ts';
import type { RunEvent, RunEventKind, RunEventPayload } from '../events/run-events.ts';
import type { ContentBlock, ModelMessage, ToolResultBlock, Usage } from '../ports/model.ts';
import type { ToolName } from '../roles/role-body.ts';
import type { RunEndReason } from '../runs/run-state.ts';
import { extendTrail } from '../stuck/trail.ts';
import { toolClassOf } from '../tools/tool-classes.ts';
import { forked } from './forked.ts';
import {
  budgetStepOf,
  environmentNotice,
  houseRulesNotice,
  isLandingNotice,
  jobEndedNotice,
  personSays,
} from './notices.ts';
import { emptyTranscript, type Call, type Totals, type Transcript } from './transcript.ts';
import { untold } from './untold.ts';

type Fold<K extends RunEventKind> = (transcript: Transcript, payload: RunEventPayload<K>) => Transcript;

const mostDecisions = 100;

/** Tools whose accepted call is the run's result. */
const conclusions: { [T in ToolName]?: RunEndReason } = {
  handoff: 'handed_off',
  decide: 'decided',
  report: 'reported',
};

/** Tools whose result is what a person said. */
function isAnsweredByPeople(tool: string): boolean {
  const { scope, waits } = toolClassOf(tool) ?? {};
  return scope === 'people' && waits === true;
}

/** What the API takes back of a reply: no empty text, and no thinking that nothing follows. */
function sendable(content: ContentBlock[]): ContentBlock[] {
  const kept = content.filter((block) => block.type !== 'text' || block.text.trim() !== '');
  const last = kept.findLastIndex((block) => block.type === 'text' || block.type === 'tool_use');
  return kept.slice(0, last + 1);
}

function openUserMessage({ calls, texts }: Transcript): ModelMessage & { role: 'user' } {
  const results = calls.map(({ callId, text, images, isError }) => {
    if (text === null) throw new Error(`The call ${callId} has no result yet.`);
    const shown = images ? { images } : {};
    return { type: 'tool_result' as const, tool_use_id: callId, content: text, ...shown, is_error: isError };
  });
  return { role: 'user', content: [...results, ...texts.map((text) => ({ type: 'text' as const, text }))] };
}

function asked(content: ContentBlock[]): Call[] {
  return content
    .filter((block) => block.type === 'tool_use')
    .map(({ id, name, input }) => ({ callId: id, tool: name, input, verdict: null, text: null, isError: false }));
}

/** An answer of people with what it answers: it must be understood when the call is gone. */
function answered(call: Call | undefined, text: string): string {
  const question = (call?.input as { question?: unknown } | null | undefined)?.question;
  return typeof question === 'string' ? `You asked: ${question}\n${text}` : text;
}

/** What a reply tells of sizes: how the provider counted the prompt, and how much longer the next one is at least. */
function measured({ size, bytesPerToken }: Transcript, usage: Usage, [asked, said]: [ModelMessage, ModelMessage]) {
  const prompt = weightOfMessage(asked);
  const tokens = usage.input + usage.cacheRead + usage.cacheWrite;
  const rate = rateOf({ bytes: size.prefix + size.closed + prompt, tokens });
  return {
    size: { ...size, closed: size.closed + prompt + bytesOf(said) },
    bytesPerToken: rate ?? bytesPerToken,
  };
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
    countedByOther: false,
    overflow: stopReason === 'context_overflow',
    silentReplies: calls.length === 0 ? before.silentReplies + 1 : 0,
    spokenTo: false,
    failures: 0,
    openModelCall: null,
    totals: { ...withUsage(totals, usage, costMicros), turns: turn },
  };
  if (kept.length === 0) return after;
  const added: [ModelMessage, ModelMessage] = [openUserMessage(before), { role: 'assistant', content: kept }];
  const closed = [...before.closed, ...added];
  const callIds = [...before.callIds, ...calls.map(({ callId }) => callId)];
  return { ...after, ...measured(before, usage, added), closed, calls, callIds, texts: [] };
};

function withCall(transcript: Transcript, callId: string, change: Partial<Call>): Transcript {
  const calls = transcript.calls.map((call) => (call.callId === callId ? { ...call, ...change } : call));
  return { ...transcript, calls };
}

const sizeOf = (messages: ModelMessage[]) => messages.reduce((sum, message) => sum + weightOfMessage(message), 0);

function cleared({ type, tool_use_id, is_error }: ToolResultBlock, text: string): ToolResultBlock {
  return { type, tool_use_id, content: text, is_error };
}

const clearResults: Fold<'context.cleared'> = (before, { calls: gone }) => {
  const texts = new Map(gone.map(({ callId, text }) => [callId, text]));
  const closed = before.closed.map((message): ModelMessage => {
    if (message.role === 'assistant') return message;
    const content = message.content.map((block) => {
      const text = block.type === 'tool_result' ? texts.get(block.tool_use_id) : undefined;
      return block.type === 'tool_result' && text !== undefined ? cleared(block, text) : block;
    });
    return { role: 'user', content };
  });
  const calls = before.calls.map((call): Call => {
    const text = texts.get(call.callId);
    if (text === undefined) return call;
    const { callId, tool, input, verdict, isError } = call;
    return { callId, tool, input, verdict, text, isError };
  });
  return { ...before, closed, calls, lastTokens: 0, size: { ...before.size, closed: sizeOf(closed) } };
};

/** A call that made no turn. */
function withUsage(totals: Totals, usage: Usage, costMicros: number): Totals {
  return {
    ...totals,
    input: totals.input + usage.input,
    output: totals.output + usage.output,
    cacheRead: totals.cacheRead + usage.cacheRead,
    cacheWrite: totals.cacheWrite + usage.cacheWrite,
    costMicros: totals.costMicros + costMicros,
  };
}

const compact: Fold<'context.compacted'> = (before, { turn, dropped, text, decisions, usage, costMicros }) => {
  const content = [before.task, text].map((each) => ({ type: 'text' as const, text: each }));
  const closed: ModelMessage[] = [{ role: 'user', content }, ...before.closed.slice(dropped)];
  return {
    ...before,
    closed,
    size: { ...before.size, closed: sizeOf(closed) },
    lastTokens: 0,
    overflow: false,
    compactedAt: turn,
    decisions: { ...before.decisions, summed: decisions ?? before.decisions.summed },
    rejectedSummary: null,
    rulesRead: [],
    failures: 0,
    openModelCall: null,
    totals: withUsage(before.totals, usage, costMicros),
  };
};

/** A reply without what only its own model takes back: its thoughts, and what its provider keeps beside a call. */
function withoutOwnMarks(message: ModelMessage): ModelMessage {
  if (message.role === 'user') return message;
  const content = message.content.flatMap((block): ContentBlock[] => {
    if (block.type === 'text') return [block];
    if (block.type !== 'tool_use') return [];
    const { type, id, name, input } = block;
    return [{ type, id, name, input }];
  });
  return { role: 'assistant', content };
}

/** What survives a compaction: what people said, and that the budget runs out. */
function saidWith(said: string[], { source, text }: RunEventPayload<'message.added'>): string[] {
  if (source === 'person') return [...said, personSays(text)];
  return isLandingNotice(text) ? [...said, text] : said;
}

const folds: { [K in RunEventKind]: Fold<K> } = {
  'run.started': (before, { system, model, firstMessage, definitions = null }) => ({
    ...before,
    system,
    model,
    definitions,
    task: firstMessage,
    size: { prefix: bytesOf(system) + (definitions ? bytesOf(definitions) : 0), closed: 0 },
    texts: [firstMessage],
  }),
  'run.forked': forked,
  'slice.started': (before) => ({ ...before, waiting: null }),
  'message.added': (before, { source, text }) => ({
    ...before,
    texts: [...before.texts, source === 'person' ? personSays(text) : text],
    said: saidWith(before.said, { source, text }),
    spokenTo: true,
    landing: before.landing || (source === 'platform' && isLandingNotice(text)),
    budgetTold: (source === 'platform' ? budgetStepOf(text) : null) ?? before.budgetTold,
  }),
  'rules.read': (before, { path, text }) => ({
    ...before,
    texts: [...before.texts, houseRulesNotice(path, text)],
    rulesRead: [...before.rulesRead, path],
  }),
  // Outlives compactions as the task does.
  'environment.probed': (before, { tools }) => {
    if (tools.length === 0) return before;
    const text = environmentNotice(tools);
    return { ...before, texts: [...before.texts, text], said: [...before.said, text] };
  },
  'model.called': (before, { turn, reservedMicros }) => ({ ...before, openModelCall: { turn, reservedMicros } }),
  'model.replied': replied,
  'model.failed': (before, { fault, costMicros }) => ({
    ...before,
    openModelCall: null,
    overflow: fault === 'too_long' || before.overflow,
    failures: fault === 'interrupted' || fault === 'too_long' ? before.failures : before.failures + 1,
    totals: { ...before.totals, costMicros: before.totals.costMicros + costMicros },
  }),
  'model.switched': (before, { to }) => {
    const closed = before.closed.map(withoutOwnMarks);
    const size = { ...before.size, closed: sizeOf(closed) };
    return { ...before, countedByOther: true, model: to, switched: true, failures: 0, closed, size };
  },
  'tool.intended': (before, { callId, verdict }) => ({
    ...withCall(before, callId, { verdict }),
    totals: { ...before.totals, toolCalls: before.totals.toolCalls + 1 },
  }),
  'tool.finished': (before, done) => {
    const { callId, tool, outcome, text, images } = done;
    const call = before.calls.find((each) => each.callId === callId);
    return {
      ...withCall(before, callId, { text, ...(images ? { images } : {}), isError: outcome !== 'ok' }),
      facts: extendFacts(before.facts, call, done),
      said: isAnsweredByPeople(tool) && outcome === 'ok' ? [...before.said, answered(call, text)] : before.said,
      concluded: (outcome === 'ok' ? conclusions[tool as ToolName] : undefined) ?? before.concluded,
    };
  },
  'context.cleared': clearResults,
  'context.compacted': compact,
  'summary.rejected': (before, { missing, text, usage, costMicros }) => ({
    ...before,
    rejectedSummary: { missing, text },
    failures: 0,
    openModelCall: null,
    totals: withUsage(before.totals, usage, costMicros),
  }),
  'job.started': (before, { jobId, command }) => ({
    ...before,
    jobsStarted: before.jobsStarted + 1,
    jobs: [...before.jobs, { jobId, command }],
  }),
  'job.ended': (before, ended) => {
    const jobs = before.jobs.filter(({ jobId }) => jobId !== ended.jobId);
    if (ended.by === 'agent') return { ...before, jobs };
    return { ...before, jobs, texts: [...before.texts, jobEndedNotice(ended)], spokenTo: true };
  },
  'plan.updated': (before, { items, decisions = [] }) => ({
    ...before,
    plan: items,
    decisions: { ...before.decisions, noted: [...before.decisions.noted, ...decisions].slice(-mostDecisions) },
  }),
  // There is room again: the agent is told anew when that runs out.
  'budget.raised': (before) => ({ ...before, landing: false, budgetTold: 0 }),
  'run.waiting': (before, { waits, approvalId }) => ({ ...before, waiting: { waits, approvalId } }),
  'run.resumed': (before) => ({ ...before, waiting: null }),
  'workspace.snapshotted': (before, { turn, commit }) => ({ ...before, snapshot: { turn, commit } }),
  ...untold,
  'run.reported': (before) => ({ ...before, concluded: before.concluded ?? 'reported' }),
  'run.handed-off': (before) => ({ ...before, concluded: before.concluded ?? 'handed_off' }),
  'run.ended': (before, { outcome }) => ({ ...before, ended: outcome }),
};

/** One event further. */
export function extendTranscript(transcript: Transcript, event: RunEvent): Transcript {
  const { kind, payload } = event;
  const after = (folds[kind] as Fold<typeof kind>)(transcript, payload as never);
  return { ...after, trail: extendTrail(after.trail, event) };
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
