import type Anthropic from '@anthropic-ai/sdk';
import type { ContentBlock, ModelMessage, ModelRequest, ToolResultBlock } from '../../domain/ports/model.ts';
import type { Abilities } from './abilities.ts';
import { sentArguments } from './arguments.ts';
import { breakpointsOf } from '../../domain/transcript/breakpoints.ts';
import { resultParts } from './result-images.ts';

type Params = Omit<Anthropic.MessageCreateParamsStreaming, 'stream'>;

const breakpoint = { type: 'ephemeral' } as const;

/** Thinking without a signature is another maker's and would be refused, as would what others keep beside a call. */
function asSent(blocks: ContentBlock[]): Anthropic.ContentBlockParam[] {
  return blocks.flatMap((block): Anthropic.ContentBlockParam[] => {
    if (block.type === 'thinking' && block.signature === '') return [];
    if (block.type !== 'tool_use') return [block];
    const { type, id, name, input } = block;
    return [{ type, id, name, input: sentArguments(input) }];
  });
}

function resultOf(block: ToolResultBlock, images: ModelRequest['images']): Anthropic.ToolResultBlockParam {
  const { type, tool_use_id, is_error } = block;
  const { text, images: shown } = resultParts(block, images);
  if (shown.length === 0) return { type, tool_use_id, content: text, is_error };
  const pictures = shown.map(({ mediaType, base64 }) => ({
    type: 'image' as const,
    source: { type: 'base64' as const, media_type: mediaType, data: base64 },
  }));
  return { type, tool_use_id, content: [{ type: 'text', text }, ...pictures], is_error };
}

type Told = { marked: number[]; images: ModelRequest['images'] };

function messageOf(message: ModelMessage, { marked, images }: Told): Anthropic.MessageParam {
  if (message.role === 'assistant') return { role: 'assistant', content: asSent(message.content) };
  const content = message.content.map((block, index) => {
    const sent = block.type === 'tool_result' ? resultOf(block, images) : block;
    return marked.includes(index) ? { ...sent, cache_control: breakpoint } : sent;
  });
  return { role: 'user', content };
}

/** The body of a call: tools, system and messages as the log has them, with the breakpoints of `breakpointsOf`. */
export function requestOf(request: ModelRequest, { thinks, seesImages }: Abilities): Params {
  const { model, system, messages, tools, maxTokens } = request;
  const images = seesImages ? request.images : undefined;
  const breakpoints = breakpointsOf(messages);
  const marked = (index: number) => breakpoints.flatMap(({ message, block }) => (message === index ? [block] : []));
  return {
    model,
    max_tokens: maxTokens,
    system: [{ type: 'text', text: system, cache_control: breakpoint }],
    tools: tools as Anthropic.Tool[],
    messages: messages.map((message, index) => messageOf(message, { marked: marked(index), images })),
    ...(thinks ? { thinking: { type: 'adaptive' as const } } : {}),
  };
}
