import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelPort, ModelRequest } from '../../domain/ports/model.ts';
import { anthropicModel } from './anthropic.ts';
import { openAiModel } from './openai.ts';
import { chatted, type ChatDelta } from './testing/chat-answers.ts';
import { httpDouble, type Answer, type HttpDouble } from './testing/http-double.ts';
import { streamed, text } from './testing/messages-answers.ts';

const request: ModelRequest = {
  model: 'm',
  system: 'You are Developer.',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Do it.' }] }],
  tools: [{ name: 'view', description: 'Shows a file.', input_schema: { type: 'object' } }],
  maxTokens: 2000,
};

let double: HttpDouble;
beforeAll(async () => {
  double = await httpDouble();
});
afterAll(() => double.stop());

async function ask(open: (settings: { apiKey: string; baseUrl: string }) => ModelPort, answer: Answer, over = {}) {
  double.next(answer);
  const model = open({ apiKey: 'k', baseUrl: double.baseUrl });
  return model.complete({ ...request, ...over }, { signal: new AbortController().signal });
}

const bodyOf = () => double.seen.at(-1)!.body as { messages: unknown[] } & Record<string, unknown>;

/** A call whose result shows an image that is at hand and one that is not. */
const shot = { mediaType: 'image/png', width: 1280, height: 800 } as const;
const images = [
  { ...shot, blobId: 'blob_1' },
  { ...shot, blobId: 'blob_2' },
];
const use = { type: 'tool_use', id: 'c1', name: 'view', input: {} };
const shown = { type: 'tool_result', tool_use_id: 'c1', content: 'The page.', images, is_error: false };
const picturing = {
  messages: [...request.messages, { role: 'assistant', content: [use] }, { role: 'user', content: [shown] }],
  images: new Map([['blob_1', 'aGk=']]),
};
const words = expect.stringMatching(/^The page\.\n\[An image .* is not shown: this model takes no images/);

describe('the Messages API', () => {
  it('is shown the images of a result, and told of those that are not at hand', async () => {
    await ask(anthropicModel, streamed('end_turn', text('x')), picturing);
    const source = { type: 'base64', media_type: 'image/png', data: 'aGk=' };
    expect(bodyOf().messages[2]).toMatchObject({
      content: [
        {
          type: 'tool_result',
          tool_use_id: 'c1',
          content: [
            { type: 'text', text: words },
            { type: 'image', source },
          ],
          is_error: false,
        },
      ],
    });
  });

  const signed = { type: 'thinking', thinking: 'Two files', signature: 'c2ln' } as const;
  const redacted = { type: 'redacted_thinking', data: 'abc' } as const;

  it('gives thinking with its signature and takes it back as it was', async () => {
    const reply = await ask(
      anthropicModel,
      streamed(
        'end_turn',
        [
          { type: 'thinking', thinking: '', signature: '' },
          { type: 'thinking_delta', thinking: 'Two files' },
          { type: 'signature_delta', signature: 'c2ln' },
        ],
        [{ ...redacted }],
        text('Done.'),
      ),
    );
    expect(reply.content).toEqual([signed, redacted, { type: 'text', text: 'Done.' }]);
    const next = [...request.messages, { role: 'assistant', content: reply.content }, ...request.messages];
    await ask(anthropicModel, streamed('end_turn', text('x')), { messages: next });
    expect(bodyOf().messages[1]).toEqual({ role: 'assistant', content: reply.content });
  });

  it("is spared another maker's thoughts and what it keeps beside a call", async () => {
    const extra = { extra_content: { google: { thought_signature: 's' } } };
    const call = { type: 'tool_use', id: 'c1', name: 'view', input: { path: 'a' } };
    const content = [
      { type: 'thinking', thinking: 'x', signature: '' },
      { ...call, extra },
    ];
    const answer = { type: 'tool_result', tool_use_id: 'c1', content: 'a', is_error: false };
    const messages = [...request.messages, { role: 'assistant', content }, { role: 'user', content: [answer] }];
    await ask(anthropicModel, streamed('end_turn', text('x')), { messages });
    expect(bodyOf().messages[1]).toEqual({ role: 'assistant', content: [call] });
  });

  it('that has come to the end of the context says so', async () => {
    const reply = await ask(anthropicModel, streamed('model_context_window_exceeded', text('x')));
    expect(reply.stopReason).toBe('context_overflow');
  });
});

describe('chat completions', () => {
  it('are shown the images of a turn behind its results, and told of those that are not at hand', async () => {
    await ask(openAiModel, chatted('stop', [{ content: 'x' }]), picturing);
    expect(bodyOf().messages.slice(3)).toEqual([
      { role: 'tool', tool_call_id: 'c1', content: words },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What the call c1 shows:' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } },
        ],
      },
    ]);
  });

  const calls = (...tool_calls: object[]): ChatDelta => ({ tool_calls });

  it('are asked with the same conversation in their own shape', async () => {
    const content = [
      { type: 'thinking', thinking: 'x', signature: '' },
      { type: 'text', text: 'I look.' },
      { type: 'tool_use', id: 'c1', name: 'view', input: { path: 'a' } },
      { type: 'tool_use', id: 'c2', name: 'view', input: '{"pa' },
    ];
    const results = ['c1', 'c2'].map((id) => ({ type: 'tool_result', tool_use_id: id, content: id, is_error: false }));
    const messages = [
      ...request.messages,
      { role: 'assistant', content },
      { role: 'user', content: [...results, { type: 'text', text: 'Hurry.' }] },
    ];
    await ask(openAiModel, chatted('stop', [{ content: 'x' }]), { messages });
    const fn = (json: string) => ({ type: 'function', function: { name: 'view', arguments: json } });
    expect(bodyOf()).toEqual({
      model: 'm',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 2000,
      tools: [
        { type: 'function', function: { name: 'view', description: 'Shows a file.', parameters: { type: 'object' } } },
      ],
      messages: [
        { role: 'system', content: 'You are Developer.' },
        { role: 'user', content: 'Do it.' },
        {
          role: 'assistant',
          content: 'I look.',
          tool_calls: [
            { id: 'c1', ...fn('{"path":"a"}') },
            { id: 'c2', ...fn('{"invalid_json":"{\\"pa"}') },
          ],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'c1' },
        { role: 'tool', tool_call_id: 'c2', content: 'c2' },
        { role: 'user', content: 'Hurry.' },
      ],
    });
  });

  it('tell calls apart that all have the index 0', async () => {
    const whole = (id: string, path: string) => ({
      index: 0,
      id,
      function: { name: 'view', arguments: JSON.stringify({ path }) },
    });
    const reply = await ask(openAiModel, chatted('stop', [calls(whole('a', 'x')), calls(whole('b', 'y'))]));
    expect(reply).toMatchObject({
      stopReason: 'tool_use',
      content: [
        { id: 'a', input: { path: 'x' } },
        { id: 'b', input: { path: 'y' } },
      ],
    });
  });

  it("keep a call's thought signature and give it back", async () => {
    const extra_content = { google: { thought_signature: 'c2ln' } };
    const call = { index: 0, id: 'a', function: { name: 'view', arguments: '{}' }, extra_content };
    const reply = await ask(openAiModel, chatted('tool_calls', [calls(call)]));
    const result = { type: 'tool_result', tool_use_id: 'a', content: 'x', is_error: false };
    const messages = [
      ...request.messages,
      { role: 'assistant', content: reply.content },
      { role: 'user', content: [result] },
    ];
    await ask(openAiModel, chatted('stop', [{ content: 'x' }]), { messages });
    expect(bodyOf().messages[2]).toMatchObject({ tool_calls: [{ id: 'a', extra_content }] });
  });

  it('may stream thoughts, refuse in words, or stop where the context ends', async () => {
    const thought = await ask(openAiModel, chatted('stop', [{ reasoning_content: 'Hm.' }, { content: 'Yes.' }]));
    expect(thought.content).toEqual([
      { type: 'thinking', thinking: 'Hm.', signature: '' },
      { type: 'text', text: 'Yes.' },
    ]);
    const refused = await ask(openAiModel, chatted('stop', [{ refusal: 'I will not.' }]));
    expect(refused).toMatchObject({ stopReason: 'refusal', content: [{ text: 'I will not.' }] });
    const usage = { prompt_tokens: 4000, completion_tokens: 96, total_tokens: 4096 };
    expect(await ask(openAiModel, chatted('length', [{ content: 'x' }], usage))).toMatchObject({
      stopReason: 'context_overflow',
      usage: { input: 4000, output: 96, cacheRead: 0, cacheWrite: 0 },
    });
  });

  it('that are not counted by their server are counted here, rather too high', async () => {
    const reply = await ask(openAiModel, chatted('stop', [{ content: 'x'.repeat(300) }], null));
    expect(reply.usage.output).toBe(100);
    expect(reply.usage.input).toBeGreaterThan(80);
  });
});
