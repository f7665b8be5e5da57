import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelError, type ModelRequest } from '../../domain/ports/model.ts';
import { anthropicModel } from './anthropic.ts';
import {
  failsMidStream,
  messagesDouble,
  refused,
  sendBlock,
  startStream,
  streamed,
  text,
  toolUse,
  type Answer,
  type MessagesDouble,
} from './testing/messages-double.ts';

const request: ModelRequest = {
  model: 'claude-sonnet-5-5',
  system: 'You are Developer.',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Do it.' }] }],
  tools: [{ name: 'view', description: 'Shows a file.', input_schema: { type: 'object' } }],
  maxTokens: 2000,
};

let double: MessagesDouble;
beforeAll(async () => {
  double = await messagesDouble();
});
afterAll(() => double.stop());

async function complete(answer: Answer, { signal = new AbortController().signal, silentForMs = 5000 } = {}) {
  double.next(answer);
  const heard: string[] = [];
  const model = anthropicModel({ apiKey: 'sk-ant-secret', baseUrl: double.baseUrl, silentForMs });
  const reply = await model.complete(request, { signal, onText: (delta) => heard.push(delta) });
  return { reply, heard };
}

async function failure(answer: Answer, options: Parameters<typeof complete>[1] = {}): Promise<ModelError> {
  const error = await complete(answer, options).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelError);
  expect((error as ModelError).message).not.toContain('sk-ant-secret');
  return error as ModelError;
}

describe('a reply', () => {
  it('streams its text and brings parallel calls with their arguments', async () => {
    const { reply, heard } = await complete(
      streamed(
        'tool_use',
        [
          { type: 'thinking', thinking: '', signature: '' },
          { type: 'thinking_delta', thinking: 'Two files' },
          { type: 'signature_delta', signature: 'c2ln' },
        ],
        [{ type: 'redacted_thinking', data: 'abc' }],
        text('I read ', 'both: é✓.'),
        toolUse('toolu_1', 'view', '{"path": "src', '/a.js"}'),
        toolUse('toolu_2', 'view', '{"path":"src/b.js"}'),
        toolUse('toolu_3', 'list'),
      ),
    );
    expect(heard).toEqual(['I read ', 'both: é✓.']);
    expect(reply).toEqual({
      model: 'claude-sonnet-5-5',
      stopReason: 'tool_use',
      usage: { input: 30, output: 44, cacheRead: 700, cacheWrite: 20 },
      content: [
        { type: 'thinking', thinking: 'Two files', signature: 'c2ln' },
        { type: 'redacted_thinking', data: 'abc' },
        { type: 'text', text: 'I read both: é✓.' },
        { type: 'tool_use', id: 'toolu_1', name: 'view', input: { path: 'src/a.js' } },
        { type: 'tool_use', id: 'toolu_2', name: 'view', input: { path: 'src/b.js' } },
        { type: 'tool_use', id: 'toolu_3', name: 'list', input: {} },
      ],
    });
  });

  it.each([
    ['cut off', '{"path": "src/a.js", "content": "half'],
    ['wrongly escaped', '{"path": "a\\q"}'],
    ['no object', '["path"]'],
  ])('keeps arguments that are %s as the text they are', async (_, json) => {
    const { reply } = await complete(streamed('max_tokens', toolUse('toolu_1', 'create', json)));
    expect(reply.stopReason).toBe('max_tokens');
    expect(reply.content).toEqual([{ type: 'tool_use', id: 'toolu_1', name: 'create', input: json }]);
  });

  it.each([
    ['refusal', 'refusal'],
    ['end_turn', 'end_turn'],
    ['stop_sequence', 'end_turn'],
    ['model_context_window_exceeded', 'context_overflow'],
  ])('%s is %s', async (given, expected) => {
    expect((await complete(streamed(given, text('x')))).reply.stopReason).toBe(expected);
  });

  it('is asked for with the key in its header and nowhere else', async () => {
    await complete(streamed('end_turn', text('x')));
    const { path, headers, body } = double.seen.at(-1)!;
    expect(path).toBe('/v1/messages');
    expect(headers.authorization).toBe('Bearer sk-ant-secret');
    expect(body).toMatchObject({ model: 'claude-sonnet-5-5', max_tokens: 2000, stream: true });
    expect(JSON.stringify(body)).not.toContain('sk-ant');
  });
});

describe('a refusal of the API', () => {
  it.each([
    [401, 'authentication_error', 'invalid x-api-key', 'key_rejected'],
    [403, 'permission_error', 'not allowed', 'key_rejected'],
    [400, 'invalid_request_error', 'Your credit balance is too low to access the Anthropic API.', 'key_exhausted'],
    [402, 'billing_error', 'Payment required', 'key_exhausted'],
    [400, 'invalid_request_error', 'You have reached your specified API usage limits.', 'key_exhausted'],
    [400, 'invalid_request_error', 'prompt is too long: 1200000 tokens > 1000000 maximum', 'too_long'],
    [413, 'request_too_large', 'Request exceeds the maximum size', 'too_long'],
    [400, 'invalid_request_error', 'max_tokens: must be positive', 'bad_request'],
    [404, 'not_found_error', 'model: claude-none', 'bad_request'],
    [429, 'rate_limit_error', 'slow down', 'rate_limited'],
    [529, 'overloaded_error', 'Overloaded', 'overloaded'],
    [503, 'api_error', 'unavailable', 'overloaded'],
    [500, 'api_error', 'Internal server error', 'network'],
  ] as const)('%d %s "%s" is %s', async (...[status, type, message, fault]) => {
    const before = double.seen.length;
    const error = await failure(refused(status, type, message));
    expect(error).toMatchObject({ fault, usage: null, message: `${status}: ${message}` });
    expect(double.seen.length - before, 'tried once').toBe(1);
  });

  it('names the delay it asks for', async () => {
    const seconds = await failure(refused(429, 'rate_limit_error', 'x', { 'retry-after': '7' }));
    expect(seconds.retryAfterMs).toBe(7000);
    const date = new Date(Date.now() + 60_000).toUTCString();
    const until = await failure(refused(529, 'overloaded_error', 'x', { 'retry-after': date }));
    expect(until.retryAfterMs).toBeGreaterThan(50_000);
    expect(until.retryAfterMs).toBeLessThanOrEqual(60_000);
    expect((await failure(refused(429, 'rate_limit_error', 'x'))).retryAfterMs).toBeNull();
  });
});

describe('a call that breaks', () => {
  const seen = { input: 30, cacheRead: 700, cacheWrite: 20 };

  it('in the middle of its stream: what was counted comes along', async () => {
    const cut = await failure((response) => {
      startStream(response);
      sendBlock(response, 0, text('x'.repeat(300)));
      setImmediate(() => response.destroy());
    });
    expect(cut).toMatchObject({ fault: 'network', usage: { ...seen, output: 100 } });
  });

  it('by an end that is none', async () => {
    const cut = await failure((response) => {
      startStream(response);
      response.end();
    });
    expect(cut).toMatchObject({ fault: 'network', message: 'The answer broke off before its end.', usage: seen });
  });

  it('by an error within the stream', async () => {
    expect(await failure(failsMidStream('overloaded_error', 'Overloaded'))).toMatchObject({
      fault: 'overloaded',
      usage: seen,
    });
    expect(await failure(failsMidStream('api_error', 'boom'))).toMatchObject({ fault: 'network' });
  });

  it('by silence', async () => {
    const dead = await failure((response) => startStream(response), { silentForMs: 100 });
    expect(dead).toMatchObject({ fault: 'network', usage: seen });
  });

  it('before an answer', async () => {
    expect(await failure((response) => response.destroy())).toMatchObject({ fault: 'network', usage: null });
    const nobody = anthropicModel({ apiKey: 'k', baseUrl: 'http://127.0.0.1:9' });
    await expect(nobody.complete(request, { signal: new AbortController().signal })).rejects.toMatchObject({
      fault: 'network',
    });
  });

  it('because we stopped it', async () => {
    const stop = new AbortController();
    const cut = await failure(
      (response) => {
        startStream(response);
        setImmediate(() => stop.abort({ kind: 'draining' }));
      },
      { signal: stop.signal },
    );
    expect(cut.fault).toBe('interrupted');
    const late = await failure(streamed('end_turn', text('x')), { signal: stop.signal });
    expect(late).toMatchObject({ fault: 'interrupted', usage: null });
  });
});
