import type OpenAI from 'openai';
import { ModelError, type ContentBlock, type StopReason, type Usage } from '../../domain/ports/model.ts';
import { argumentsOf } from './arguments.ts';
import type { ReplyInProgress } from './stream-call.ts';

type Chunk = OpenAI.ChatCompletionChunk;
type CallDelta = OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall & { extra_content?: unknown };
/** Fields of other makers' servers: vLLM, DeepSeek and Ollama stream the model's thoughts beside its text. */
type Delta = OpenAI.ChatCompletionChunk.Choice.Delta & { reasoning_content?: string | null; reasoning?: string | null };

type GrowingCall = { index: number; id: string; name: string; json: string; extra: unknown };

const stopReasons: Record<string, StopReason> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  function_call: 'tool_use',
  content_filter: 'refusal',
};

function usageOf(counted: OpenAI.CompletionUsage): Usage {
  const details = counted.prompt_tokens_details;
  const cacheRead = details?.cached_tokens ?? 0;
  const cacheWrite = details?.cache_write_tokens ?? 0;
  const input = Math.max(0, counted.prompt_tokens - cacheRead - cacheWrite);
  return { input, output: counted.completion_tokens, cacheRead, cacheWrite };
}

/** Some servers give every call the index 0, or none: a new id with a new name is a new call. */
function isAnother(call: GrowingCall, { id, function: fn }: CallDelta): boolean {
  return Boolean(id && call.id && id !== call.id && fn?.name);
}

function growCalls(calls: GrowingCall[], delta: CallDelta): void {
  const index = delta.index ?? 0;
  let call = calls.findLast((each) => each.index === index);
  if (!call || isAnother(call, delta)) {
    call = { index, id: '', name: '', json: '', extra: undefined };
    calls.push(call);
  }
  call.id ||= delta.id ?? '';
  call.name ||= delta.function?.name ?? '';
  call.json += delta.function?.arguments ?? '';
  call.extra ??= delta.extra_content;
}

function blockOf({ id, name, json, extra }: GrowingCall): ContentBlock {
  const block = { type: 'tool_use' as const, id, name, input: json.trim() === '' ? {} : argumentsOf(json) };
  return extra === undefined || extra === null ? block : { ...block, extra: { extra_content: extra } };
}

type Asked = { model: string; promptBytes: number; maxTokens: number };

/** A reply of chat completions before its first chunk. A server that does not count is counted for, three bytes a token. */
export function emptyChatReply(asked: Asked): ReplyInProgress<Chunk> {
  const calls: GrowingCall[] = [];
  let [text, thoughts, refused] = ['', '', ''];
  let model = asked.model;
  let counted: Usage | null = null;
  let stop: string | null = null;
  let begun = false;

  const written = () => text.length + thoughts.length + calls.reduce((sum, { json }) => sum + json.length, 0);
  const estimated = (): Usage => {
    const output = Math.ceil(written() / 3);
    return { input: Math.ceil(asked.promptBytes / 3), output, cacheRead: 0, cacheWrite: 0 };
  };
  const stopReason = (usage: Usage): StopReason => {
    if (refused !== '') return 'refusal';
    const named = stopReasons[stop ?? ''] ?? 'end_turn';
    // A reply that stops short of what it was allowed has run into the end of the context.
    if (named === 'max_tokens') return usage.output < asked.maxTokens * 0.9 ? 'context_overflow' : named;
    return calls.length > 0 && named === 'end_turn' ? 'tool_use' : named;
  };
  const grow = (delta: Delta) => {
    thoughts += delta.reasoning_content ?? delta.reasoning ?? '';
    refused += delta.refusal ?? '';
    for (const call of delta.tool_calls ?? []) growCalls(calls, call);
    const heard = (delta.content ?? '') + (delta.refusal ?? '');
    text += heard;
    return heard;
  };

  return {
    take(chunk) {
      begun = true;
      if (chunk.model) model = chunk.model;
      if (chunk.usage) counted = usageOf(chunk.usage);
      const choice = chunk.choices?.[0];
      stop = choice?.finish_reason ?? stop;
      return choice?.delta ? grow(choice.delta) : '';
    },
    finish() {
      if (stop === null) {
        throw new ModelError('network', 'The answer broke off before its end.', null, this.seen());
      }
      const usage = counted ?? estimated();
      const content: ContentBlock[] = [
        ...(thoughts === '' ? [] : [{ type: 'thinking' as const, thinking: thoughts, signature: '' }]),
        ...(text === '' ? [] : [{ type: 'text' as const, text }]),
        ...calls.map(blockOf),
      ];
      return { model, content, stopReason: stopReason(usage), usage };
    },
    seen: () => (begun ? (counted ?? estimated()) : null),
  };
}
