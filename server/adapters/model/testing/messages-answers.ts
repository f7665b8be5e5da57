import type { ServerResponse } from 'node:http';
import type { Answer } from './http-double.ts';

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
