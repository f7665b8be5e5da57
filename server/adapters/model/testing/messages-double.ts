import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Seen = { path: string; headers: IncomingHttpHeaders; body: Record<string, unknown> };
export type Answer = (response: ServerResponse) => void;
export type MessagesDouble = { baseUrl: string; seen: Seen[]; next(...answers: Answer[]): void; stop(): Promise<void> };

type Block = Record<string, unknown>;

function send(response: ServerResponse, type: string, data: Record<string, unknown>): void {
  response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
}

export function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const usage = { input_tokens: 30, output_tokens: 1, cache_read_input_tokens: 700, cache_creation_input_tokens: 20 };
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-5-5', content: [], usage };
  send(response, 'message_start', { message: { ...message, stop_reason: null, stop_sequence: null } });
  send(response, 'ping', {});
}

/** One content block, its deltas sent one by one. */
export function sendBlock(response: ServerResponse, index: number, [start, ...deltas]: [Block, ...Block[]]): void {
  send(response, 'content_block_start', { index, content_block: start });
  for (const delta of deltas) send(response, 'content_block_delta', { index, delta });
  send(response, 'content_block_stop', { index });
}

export const text = (...parts: string[]): [Block, ...Block[]] => [
  { type: 'text', text: '' },
  ...parts.map((part) => ({ type: 'text_delta', text: part })),
];

export const toolUse = (id: string, name: string, ...json: string[]): [Block, ...Block[]] => [
  { type: 'tool_use', id, name, input: {} },
  ...json.map((part) => ({ type: 'input_json_delta', partial_json: part })),
];

/** A whole streamed reply. */
export function streamed(stopReason: string, ...blocks: [Block, ...Block[]][]): Answer {
  return (response) => {
    startStream(response);
    blocks.forEach((block, index) => sendBlock(response, index, block));
    send(response, 'message_delta', {
      delta: { stop_reason: stopReason, stop_sequence: null },
      usage: { output_tokens: 44 },
    });
    send(response, 'message_stop', {});
    response.end();
  };
}

/** A refused call in the words of the API. */
export function refused(status: number, type: string, message: string, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ type: 'error', error: { type, message } }));
  };
}

/** An error the stream itself brings. */
export function failsMidStream(type: string, message: string): Answer {
  return (response) => {
    startStream(response);
    sendBlock(response, 0, text('Half of'));
    send(response, 'error', { error: { type, message } });
    response.end();
  };
}

/** The Messages API's streaming protocol on loopback, with answers given one by one; 500 when there is none left. */
export async function messagesDouble(): Promise<MessagesDouble> {
  const seen: Seen[] = [];
  const answers: Answer[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
    seen.push({ path: request.url ?? '', headers: request.headers, body });
    const answer = answers.shift() ?? refused(500, 'api_error', 'The double has no answer left.');
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    seen,
    next: (...given) => answers.push(...given),
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
