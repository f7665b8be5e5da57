import { LLMock } from '@copilotkit/aimock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ModelError, type ModelRequest } from '../../domain/ports/model.ts';
import { httpDouble, type Answer, type HttpDouble } from './testing/http-double.ts';
import { dialects, refusals, type Refusal } from './testing/dialects.ts';

const key = 'sk-very-secret';
const request: ModelRequest = {
  model: 'a-model',
  system: 'You are Developer.',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Do it.' }] }],
  tools: [{ name: 'view', description: 'Shows a file.', input_schema: { type: 'object' } }],
  maxTokens: 2000,
};

let double: HttpDouble;
let mock: LLMock;
beforeAll(async () => {
  double = await httpDouble();
  mock = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent', chunkSize: 7 });
  mock.on(
    { predicate: () => true },
    {
      content: 'I read both.',
      toolCalls: [
        { id: 'call_a', name: 'view', arguments: '{"path":"src/a.js"}' },
        { id: 'call_b', name: 'view', arguments: '{"path":"src/b.js","start_line":3}' },
      ],
    },
  );
  await mock.start();
  return () => mock.stop();
});
afterEach(() => double.forget());
afterAll(() => double.stop());

describe.each(dialects)('a model over $name', (dialect) => {
  const idle = () => new AbortController().signal;

  async function complete(answer: Answer, { signal = idle(), silentForMs = 5000, over = {} } = {}) {
    double.next(answer);
    const heard: string[] = [];
    const model = dialect.open({ apiKey: key, baseUrl: double.baseUrl, silentForMs });
    const reply = await model.complete({ ...request, ...over }, { signal, onText: (delta) => heard.push(delta) });
    return { reply, heard };
  }

  async function failure(answer: Answer, options: Parameters<typeof complete>[1] = {}): Promise<ModelError> {
    const error = await complete(answer, options).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ModelError);
    expect((error as ModelError).message).not.toContain(key);
    return error as ModelError;
  }

  describe('a reply', () => {
    it('streams its text and brings parallel calls with their arguments', async () => {
      const { reply, heard } = await complete(
        dialect.reply('calls', {
          texts: ['I read ', 'both: é✓.'],
          calls: [
            ['call_1', 'view', '{"path": "src', '/a.js"}'],
            ['call_2', 'view', '{"path":"src/b.js"}'],
            ['call_3', 'list'],
          ],
        }),
      );
      expect(heard.filter((delta) => delta !== '')).toEqual(['I read ', 'both: é✓.']);
      expect(reply).toMatchObject({ stopReason: 'tool_use', usage: dialect.usage });
      expect(reply.content).toEqual([
        { type: 'text', text: 'I read both: é✓.' },
        { type: 'tool_use', id: 'call_1', name: 'view', input: { path: 'src/a.js' } },
        { type: 'tool_use', id: 'call_2', name: 'view', input: { path: 'src/b.js' } },
        { type: 'tool_use', id: 'call_3', name: 'list', input: {} },
      ]);
    });

    it('comes alike from an independent server of the protocol', async () => {
      const baseUrl = dialect.path.startsWith('/v1') ? mock.url : `${mock.url}/v1`;
      const heard: string[] = [];
      const model = dialect.open({ apiKey: key, baseUrl });
      const reply = await model.complete(request, { signal: idle(), onText: (delta) => heard.push(delta) });
      expect(heard.join('')).toBe('I read both.');
      expect(reply.stopReason).toBe('tool_use');
      expect(reply.content.slice(1)).toEqual([
        { type: 'tool_use', id: 'call_a', name: 'view', input: { path: 'src/a.js' } },
        { type: 'tool_use', id: 'call_b', name: 'view', input: { path: 'src/b.js', start_line: 3 } },
      ]);
    });

    it.each([
      ['end', 'end_turn'],
      ['length', 'max_tokens'],
      ['refusal', 'refusal'],
    ] as const)('that stops by %s is %s', async (given, expected) => {
      expect((await complete(dialect.reply(given, { texts: ['x'] }))).reply.stopReason).toBe(expected);
    });

    it.each([
      ['cut off', '{"path": "src/a.js", "content": "half'],
      ['wrongly escaped', '{"path": "a\\q"}'],
      ['no object', '["path"]'],
    ])('keeps arguments that are %s as the text they are', async (_, json) => {
      const { reply } = await complete(dialect.reply('calls', { calls: [['call_1', 'create', json]] }));
      expect(reply.content).toEqual([{ type: 'tool_use', id: 'call_1', name: 'create', input: json }]);
    });

    it('of five megabytes of arguments keeps a sentence', async () => {
      const parts = Array.from({ length: 50 }, () => 'x'.repeat(100_000));
      const calls: [string, string, ...string[]][] = [['call_1', 'create', '{"content":"', ...parts, '"}']];
      const { reply } = await complete(dialect.reply('calls', { calls }));
      const input = String((reply.content[0] as { input: unknown }).input);
      expect(input).toMatch(/these arguments had 5000014 characters/);
      expect(input.length).toBeLessThan(3000);
    });

    it('may give two calls one id and name tools that are not there: the loop sorts that out', async () => {
      const { reply } = await complete(
        dialect.reply('calls', {
          calls: [
            ['same', 'view', '{"a":1}'],
            ['same', 'nothing', '{"b":2}'],
          ],
        }),
      );
      expect(reply.content.map((block) => block.type === 'tool_use' && [block.id, block.name, block.input])).toEqual([
        ['same', 'view', { a: 1 }],
        ['same', 'nothing', { b: 2 }],
      ]);
    });

    it('is asked for with the key in its header and nowhere else', async () => {
      await complete(dialect.reply('end', { texts: ['x'] }));
      const { path, headers, body } = double.seen.at(-1)!;
      expect(path).toBe(dialect.path);
      expect(headers.authorization).toBe(`Bearer ${key}`);
      expect(body).toMatchObject({ model: 'a-model', stream: true });
      expect(JSON.stringify(body)).not.toContain(key);
    });
  });

  describe('a refusal of the API', () => {
    it.each(Object.entries(refusals) as [Refusal, string][])('%s is %s', async (kind, fault) => {
      const before = double.seen.length;
      const error = await failure(dialect.refusal(kind));
      expect(error).toMatchObject({ fault, usage: null });
      expect(error.message.length).toBeGreaterThan(8);
      expect(double.seen.length - before, 'tried once').toBe(1);
    });

    it('names the delay it asks for', async () => {
      const seconds = await failure(dialect.refusal('too_fast', { 'retry-after': '7' }));
      expect(seconds).toMatchObject({ fault: 'rate_limited', retryAfterMs: 7000 });
      const date = new Date(Date.now() + 60_000).toUTCString();
      const until = await failure(dialect.refusal('overloaded', { 'retry-after': date }));
      expect(until.retryAfterMs).toBeGreaterThan(30_000);
      expect(until.retryAfterMs).toBeLessThanOrEqual(60_000);
      expect((await failure(dialect.refusal('too_fast'))).retryAfterMs).toBeNull();
    });
  });

  describe('a call that breaks', () => {
    const counted = ({ usage }: ModelError) => {
      expect(usage).not.toBeNull();
      if (dialect.countsAtOnce) expect(usage).toMatchObject({ input: 30, cacheRead: 700, cacheWrite: 20 });
    };

    it('in the middle of its stream: what was counted or seen comes along', async () => {
      const cut = await failure((response) => {
        dialect.begin(response, 'x'.repeat(300));
        setImmediate(() => response.destroy());
      });
      expect(cut).toMatchObject({ fault: 'network', usage: { output: 100 } });
      counted(cut);
    });

    it('by an end that is none', async () => {
      const cut = await failure((response) => {
        dialect.begin(response, '');
        response.end();
      });
      expect(cut).toMatchObject({ fault: 'network', message: 'The answer broke off before its end.' });
      counted(cut);
    });

    it('by an error within the stream', async () => {
      const overloaded = await failure(dialect.breaks('overloaded'));
      expect(overloaded.fault).toBe('overloaded');
      counted(overloaded);
      expect(await failure(dialect.breaks('failed'))).toMatchObject({ fault: 'network' });
    });

    it('by silence', async () => {
      const dead = await failure((response) => dialect.begin(response, 'x'), { silentForMs: 100 });
      expect(dead.fault).toBe('network');
      counted(dead);
    });

    it('before an answer', async () => {
      expect(await failure((response) => response.destroy())).toMatchObject({ fault: 'network', usage: null });
      const nobody = dialect.open({ apiKey: 'k', baseUrl: 'http://127.0.0.1:9' });
      await expect(nobody.complete(request, { signal: idle() })).rejects.toMatchObject({ fault: 'network' });
    });

    it('because we stopped it', async () => {
      const stop = new AbortController();
      const cut = await failure(
        (response) => {
          dialect.begin(response, 'x');
          setImmediate(() => stop.abort({ kind: 'draining' }));
        },
        { signal: stop.signal },
      );
      expect(cut.fault).toBe('interrupted');
      const late = await failure(dialect.reply('end', { texts: ['x'] }), { signal: stop.signal });
      expect(late).toMatchObject({ fault: 'interrupted', usage: null });
    });
  });
});
