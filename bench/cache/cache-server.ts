import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ContentBlock, ModelReply } from '../../server/domain/ports/model.ts';
import {
  PromptCache,
  prefixesOf,
  TooManyBreakpoints,
  type CacheUsage,
  type Life,
  type Part,
  type Prefixes,
} from './prompt-cache.ts';

type Marked = { cache_control?: { type: string; ttl?: Life }; [field: string]: unknown };
type Body = {
  model: string;
  thinking?: unknown;
  tools?: Marked[];
  system?: string | Marked[];
  messages: { role: string; content: string | Marked[] }[];
};

/** One call as the provider saw it. */
export type Seen = { prefixes: Prefixes; usage: CacheUsage; at: number; output: number };
/** A conversation with the provider: who asks is told by the key it sends. */
export type Talk = { now(): number; answer(body: Body): Pick<ModelReply, 'content' | 'stopReason'>; seen: Seen[] };

const outputTokens = 150;

/** A provider of the Messages API that keeps prompts by the published rules and says what each call read and wrote. */
export async function cacheServer() {
  const talks = new Map<string, Talk & { cache: PromptCache }>();
  const server = createServer((request, response) => {
    read(request)
      .then((body) => {
        const talk = talks.get(keyOf(request));
        if (!talk) throw new Error('Nobody talks with this key.');
        const parts = partsOf(body);
        const prefixes = prefixesOf(parts);
        const usage = talk.cache.take(parts, prefixes, talk.now());
        talk.seen.push({ prefixes, usage, at: talk.now(), output: outputTokens });
        say(response, body.model, { ...talk.answer(body), usage });
      })
      .catch((error: unknown) => refuse(response, error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    talk: (key: string, talk: Talk) => void talks.set(key, { ...talk, cache: new PromptCache() }),
    hangUp: (key: string) => void talks.delete(key),
    close: () => new Promise<void>((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  };
}

function keyOf({ headers }: IncomingMessage): string {
  return String(headers['x-api-key'] ?? headers.authorization?.replace(/^Bearer /, ''));
}

async function read(request: IncomingMessage): Promise<Body> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString()) as Body;
}

/** A block less its breakpoint; another model, tool or way of thinking is another prompt. */
function partOf(of: string, { cache_control: mark, ...block }: Marked): Part {
  return { text: `${of} ${JSON.stringify(block)}`, mark: mark ? (mark.ttl ?? '5m') : null };
}

function blocks(content: string | Marked[]): Marked[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

function partsOf({ model, thinking, tools = [], system = [], messages }: Body): Part[] {
  const thinks = JSON.stringify(thinking ?? null);
  return [
    ...tools.map((tool) => partOf(`${model} tool`, tool)),
    ...blocks(system).map((block) => partOf(`${model} system`, block)),
    ...messages.flatMap(({ role, content }) => blocks(content).map((block) => partOf(`${thinks} ${role}`, block))),
  ];
}

function refuse(response: ServerResponse, error: unknown): void {
  const message = error instanceof TooManyBreakpoints ? `A maximum of 4 breakpoints: ${error.message}` : String(error);
  response.writeHead(400, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message } }));
}

type Said = Pick<ModelReply, 'content' | 'stopReason'> & { usage: CacheUsage };

function say(response: ServerResponse, model: string, { content, stopReason, usage }: Said): void {
  const counted = {
    input_tokens: usage.input,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation_input_tokens: usage.cacheWrite['5m'] + usage.cacheWrite['1h'],
    output_tokens: 1,
  };
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model, content: [], usage: counted };
  const events = [
    { type: 'message_start', message },
    ...content.flatMap(eventsOf),
    { type: 'message_delta', delta: { stop_reason: stopReason }, usage: { output_tokens: outputTokens } },
    { type: 'message_stop' },
  ];
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
}

function eventsOf(block: ContentBlock, index: number): { type: string }[] {
  const { empty, deltas } = spelt(block);
  return [
    { type: 'content_block_start', index, content_block: empty },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ] as { type: string }[];
}

function spelt(block: ContentBlock): { empty: object; deltas: object[] } {
  switch (block.type) {
    case 'text':
      return { empty: { type: 'text', text: '' }, deltas: [{ type: 'text_delta', text: block.text }] };
    case 'tool_use': {
      const { type, id, name, input } = block;
      const json = { type: 'input_json_delta', partial_json: JSON.stringify(input) };
      return { empty: { type, id, name, input: {} }, deltas: [json] };
    }
    case 'thinking':
      return {
        empty: { type: 'thinking', thinking: '', signature: '' },
        deltas: [
          { type: 'thinking_delta', thinking: block.thinking },
          { type: 'signature_delta', signature: block.signature },
        ],
      };
    default:
      throw new Error(`The cache server does not say ${block.type}.`);
  }
}
