import type Anthropic from '@anthropic-ai/sdk';
import type { ContentBlock, ModelMessage, ModelRequest } from '../../domain/ports/model.ts';
import { breakpointsOf } from '../../domain/transcript/breakpoints.ts';

type Params = Omit<Anthropic.MessageCreateParamsStreaming, 'stream'>;

const breakpoint = { type: 'ephemeral' } as const;

/** Models from 4.6 on decide themselves how long to think; older ones and other makers' do not know the field. */
export function thinksAdaptively(model: string): boolean {
  const [, major, minor = '0'] = /^claude-[a-z]+-(\d+)(?:-(\d{1,2}))?(?:-|$)/.exec(model) ?? [];
  return major !== undefined && (Number(major) > 4 || (Number(major) === 4 && Number(minor) >= 6));
}

/** Arguments that were no JSON are kept as text; the API takes objects only. */
function asSent(block: ContentBlock): Anthropic.ContentBlockParam {
  if (block.type !== 'tool_use' || (typeof block.input === 'object' && block.input !== null)) {
    return block as Anthropic.ContentBlockParam;
  }
  return { ...block, input: { invalid_json: String(block.input) } };
}

function messageOf(message: ModelMessage, marked: number[]): Anthropic.MessageParam {
  if (message.role === 'assistant') return { role: 'assistant', content: message.content.map(asSent) };
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
