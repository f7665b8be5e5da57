import type { ServerResponse } from 'node:http';
import type { Answer } from './http-double.ts';

export type ChatDelta = Record<string, unknown>;

function send(response: ServerResponse, data: unknown): void {
  response.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
}

export function startChat(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  sendDelta(response, { role: 'assistant', content: '' });
}

export function sendDelta(response: ServerResponse, delta: ChatDelta, finish: string | null = null): void {
  const choice = { index: 0, delta, finish_reason: finish };
  send(response, { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-6', choices: [choice] });
}

const chatUsage = {
  prompt_tokens: 750,
  completion_tokens: 1900,
  total_tokens: 2650,
  prompt_tokens_details: { cached_tokens: 700, cache_write_tokens: 20 },
};

/** A whole streamed reply; `usage` null for a server that does not count. */
export function chatted(finish: string, deltas: ChatDelta[], usage: object | null = chatUsage): Answer {
  return (response) => {
    startChat(response);
    for (const delta of deltas) sendDelta(response, delta);
    sendDelta(response, {}, finish);
    if (usage) {
      send(response, { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'gpt-6', choices: [], usage });
    }
    send(response, '[DONE]');
    response.end();
  };
}

/** A refused call in the words of the API. */
export function chatRefused(
  status: number,
  { type, code, message }: { type: string; code: string | null; message: string },
  headers: Record<string, string> = {},
): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error: { type, code, message, param: null } }));
  };
}

/** An error the stream itself brings. */
export function chatFailsMidStream(error: { type: string; message: string }): Answer {
  return (response) => {
    startChat(response);
    sendDelta(response, { content: 'Half of' });
    send(response, { error });
    response.end();
  };
}
