import { createHash } from 'node:crypto';
import type OpenAI from 'openai';
import type { ContentBlock, ModelMessage, ModelRequest } from '../../domain/ports/model.ts';
import { sentArguments } from './arguments.ts';
import { resultParts } from './result-images.ts';

type Params = OpenAI.ChatCompletionCreateParamsStreaming;
type Message = OpenAI.ChatCompletionMessageParam;

function callOf({ id, name, input, extra }: ContentBlock & { type: 'tool_use' }): OpenAI.ChatCompletionMessageToolCall {
  const call = { id, type: 'function' as const, function: { name, arguments: JSON.stringify(sentArguments(input)) } };
  return extra ? { ...call, ...extra } : call;
}

/** Chat completions take no thinking back, and a reply has one text. */
function said(content: ContentBlock[]): Message {
  const text = content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
  const calls = content.flatMap((block) => (block.type === 'tool_use' ? [callOf(block)] : []));
  return { role: 'assistant', content: text === '' ? null : text, ...(calls.length > 0 ? { tool_calls: calls } : {}) };
}

/** A tool's message takes text alone: images follow all results of a turn, each named by its call. */
function told(content: (ModelMessage & { role: 'user' })['content'], given: ModelRequest['images']): Message[] {
  const results: Message[] = [];
  const pictures: OpenAI.ChatCompletionContentPart[] = [];
  for (const block of content) {
    if (block.type !== 'tool_result') continue;
    const { text, images } = resultParts(block, given);
    results.push({ role: 'tool', tool_call_id: block.tool_use_id, content: text });
    if (images.length > 0) pictures.push({ type: 'text', text: `What the call ${block.tool_use_id} shows:` });
    for (const { mediaType, base64 } of images) {
      pictures.push({ type: 'image_url', image_url: { url: `data:${mediaType};base64,${base64}` } });
    }
  }
  if (pictures.length > 0) results.push({ role: 'user', content: pictures });
  const texts = content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  return texts.length === 0 ? results : [...results, { role: 'user', content: texts.join('\n\n') }];
}

/** OpenAI's own service alone knows these; others refuse a field they do not know. */
function ownFields({ system, tools, maxTokens }: ModelRequest) {
  const prompt_cache_key = createHash('sha256')
    .update(JSON.stringify([system, tools]))
    .digest('hex')
    .slice(0, 32);
  return { max_completion_tokens: maxTokens, prompt_cache_key };
}

type Server = { isOpenAi: boolean; seesImages: boolean };

/** The body of a call to chat completions. Their caches go by prefix alone, and ours only grows. */
export function chatRequestOf(request: ModelRequest, { isOpenAi, seesImages }: Server): Params {
  const { model, system, messages, tools, maxTokens } = request;
  const images = seesImages ? request.images : undefined;
  return {
    model,
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      { role: 'system', content: system },
      ...messages.flatMap((message) =>
        message.role === 'assistant' ? [said(message.content)] : told(message.content, images),
      ),
    ],
    ...(tools.length > 0
      ? {
          tools: tools.map(({ name, description, input_schema }) => ({
            type: 'function' as const,
            function: { name, description, parameters: input_schema },
          })),
        }
      : {}),
    ...(isOpenAi ? ownFields(request) : { max_tokens: maxTokens }),
  };
}
