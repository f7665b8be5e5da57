import type Anthropic from '@anthropic-ai/sdk';
import type { ContentBlock, ModelMessage, ModelRequest } from '../../domain/ports/model.ts';

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

function messageOf(message: ModelMessage, isBreakpoint: boolean): Anthropic.MessageParam {
  if (message.role === 'assistant') return { role: 'assistant', content: message.content.map(asSent) };
  const last = message.content.length - 1;
  const content = message.content.map((block, index) =>
    isBreakpoint && index === last ? { ...block, cache_control: breakpoint } : block,
  );
  return { role: 'user', content };
}

/**
 * The body of a call. Breakpoints lie behind the tools, the system prompt and the last two user messages: what the last
 * call wrote to the cache, this one reads.
 */
export function requestOf({ model, system, messages, tools, maxTokens }: ModelRequest): Params {
  const users = messages.flatMap(({ role }, index) => (role === 'user' ? [index] : [])).slice(-2);
  return {
    model,
    max_tokens: maxTokens,
    system: [{ type: 'text', text: system, cache_control: breakpoint }],
    tools: tools.map((tool, index) => ({
      ...tool,
      input_schema: tool.input_schema as Anthropic.Tool.InputSchema,
      ...(index === tools.length - 1 ? { cache_control: breakpoint } : {}),
    })),
    messages: messages.map((message, index) => messageOf(message, users.includes(index))),
    ...(thinksAdaptively(model) ? { thinking: { type: 'adaptive' as const } } : {}),
  };
}
