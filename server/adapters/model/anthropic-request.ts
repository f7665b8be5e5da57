import type Anthropic from '@anthropic-ai/sdk';
import type { ContentBlock, ModelMessage, ModelRequest } from '../../domain/ports/model.ts';
import { sentArguments } from './arguments.ts';
import { breakpointsOf } from '../../domain/transcript/breakpoints.ts';

type Params = Omit<Anthropic.MessageCreateParamsStreaming, 'stream'>;

const breakpoint = { type: 'ephemeral' } as const;

/** Models from 4.6 on decide themselves how long to think; older ones and other makers' do not know the field. */
export function thinksAdaptively(model: string): boolean {
  const [, major, minor = '0'] = /^claude-[a-z]+-(\d+)(?:-(\d{1,2}))?(?:-|$)/.exec(model) ?? [];
  return major !== undefined && (Number(major) > 4 || (Number(major) === 4 && Number(minor) >= 6));
}

/** Thinking without a signature is another maker's and would be refused, as would what others keep beside a call. */
function asSent(blocks: ContentBlock[]): Anthropic.ContentBlockParam[] {
  return blocks.flatMap((block): Anthropic.ContentBlockParam[] => {
    if (block.type === 'thinking' && block.signature === '') return [];
    if (block.type !== 'tool_use') return [block];
    const { type, id, name, input } = block;
    return [{ type, id, name, input: sentArguments(input) }];
  });
}

function messageOf(message: ModelMessage, marked: number[]): Anthropic.MessageParam {
  if (message.role === 'assistant') return { role: 'assistant', content: asSent(message.content) };
  const content = message.content.map((block, index) =>
    marked.includes(index) ? { ...block, cache_control: breakpoint } : block,
  );
  return { role: 'user', content };
}

/** The body of a call: tools, system and messages as the log has them, with the breakpoints of `breakpointsOf`. */
export function requestOf({ model, system, messages, tools, maxTokens }: ModelRequest): Params {
  const breakpoints = breakpointsOf(messages);
  const marked = (index: number) => breakpoints.flatMap(({ message, block }) => (message === index ? [block] : []));
  return {
    model,
    max_tokens: maxTokens,
    system: [{ type: 'text', text: system, cache_control: breakpoint }],
    tools: tools as Anthropic.Tool[],
    messages: messages.map((message, index) => messageOf(message, marked(index))),
    ...(thinksAdaptively(model) ? { thinking: { type: 'adaptive' as const } } : {}),
  };
}
