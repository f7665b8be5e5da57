import type Anthropic from '@anthropic-ai/sdk';
import { ModelError, type ContentBlock, type StopReason, type Usage } from '../../domain/ports/model.ts';
import { argumentsOf } from './arguments.ts';
import type { ReplyInProgress } from './stream-call.ts';

type Event = Anthropic.RawMessageStreamEvent;
type Delta = Anthropic.RawContentBlockDeltaEvent['delta'];
type Counted = { [K in keyof Anthropic.MessageDeltaUsage]?: Anthropic.MessageDeltaUsage[K] };

const stopReasons: Record<Anthropic.StopReason, StopReason> = {
  end_turn: 'end_turn',
  stop_sequence: 'end_turn',
  pause_turn: 'end_turn',
  tool_use: 'tool_use',
  max_tokens: 'max_tokens',
  refusal: 'refusal',
  model_context_window_exceeded: 'context_overflow',
};

/** A block and, for a tool call, its arguments as they come: parsed once, strictly, when they are whole. */
type Growing = { block: ContentBlock; json: string };

function begin(started: Anthropic.RawContentBlockStartEvent['content_block']): Growing | null {
  if (started.type === 'text') return { block: { type: 'text', text: started.text }, json: '' };
  if (started.type === 'thinking') {
    const { thinking, signature } = started;
    return { block: { type: 'thinking', thinking, signature: signature ?? '' }, json: '' };
  }
  if (started.type === 'redacted_thinking') {
    return { block: { type: 'redacted_thinking', data: started.data }, json: '' };
  }
  if (started.type !== 'tool_use') return null;
  const given = Object.keys((started.input as object | null) ?? {}).length > 0;
  const { id, name, input } = started;
  return { block: { type: 'tool_use', id, name, input: given ? input : {} }, json: '' };
}

function grow(growing: Growing, delta: Delta): string {
  const { block } = growing;
  if (delta.type === 'text_delta' && block.type === 'text') {
    block.text += delta.text;
    return delta.text;
  }
  if (delta.type === 'input_json_delta') growing.json += delta.partial_json;
  if (delta.type === 'thinking_delta' && block.type === 'thinking') block.thinking += delta.thinking;
  if (delta.type === 'signature_delta' && block.type === 'thinking') block.signature = delta.signature;
  return '';
}

function whole({ block, json }: Growing): ContentBlock {
  return block.type === 'tool_use' && json !== '' ? { ...block, input: argumentsOf(json) } : block;
}

const written = ({ block, json }: Growing) =>
  json.length + ('text' in block ? block.text.length : 'thinking' in block ? block.thinking.length : 0);

const nothing: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

function counted(before: Usage, usage: Counted): Usage {
  return {
    input: usage.input_tokens ?? before.input,
    output: usage.output_tokens ?? before.output,
    cacheRead: usage.cache_read_input_tokens ?? before.cacheRead,
    cacheWrite: usage.cache_creation_input_tokens ?? before.cacheWrite,
  };
}

/** A reply of the Messages API before its first event. */
export function emptyReply(askedModel: string): ReplyInProgress<Event> {
  const growing = new Map<number, Growing>();
  let model = askedModel;
  let usage: Usage | null = null;
  let stopReason: StopReason | null = null;
  let isWhole = false;
  const blocks = () => [...growing].toSorted(([a], [b]) => a - b).map(([, each]) => each);

  const takers: { [T in Event['type']]?: (event: Extract<Event, { type: T }>) => string | void } = {
    message_start: ({ message }) => {
      model = message.model;
      usage = counted(usage ?? nothing, message.usage);
    },
    content_block_start: ({ index, content_block: started }) => {
      const block = begin(started);
      if (block) growing.set(index, block);
    },
    content_block_delta: ({ index, delta }) => {
      const block = growing.get(index);
      return block ? grow(block, delta) : '';
    },
    message_delta: (event) => {
      usage = counted(usage ?? nothing, event.usage);
      if (event.delta.stop_reason) stopReason = stopReasons[event.delta.stop_reason] ?? 'end_turn';
    },
    message_stop: () => {
      isWhole = true;
    },
  };

  return {
    take: (event) => (takers[event.type] as ((event: Event) => string | void) | undefined)?.(event) ?? '',
    finish() {
      if (!isWhole || !usage || !stopReason) {
        throw new ModelError('network', 'The answer broke off before its end.', null, this.seen());
      }
      return { model, content: blocks().map(whole), stopReason, usage };
    },
    seen() {
      if (!usage) return null;
      const characters = blocks().reduce((sum, each) => sum + written(each), 0);
      return { ...usage, output: Math.max(usage.output, Math.ceil(characters / 3)) };
    },
  };
}
