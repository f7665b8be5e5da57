import type { ServerResponse } from 'node:http';
import type { ModelPort } from '../../../domain/ports/model.ts';
import { anthropicModel } from '../anthropic.ts';
import { openAiModel } from '../openai.ts';
import { chatFailsMidStream, chatRefused, chatted, sendDelta, startChat, type ChatDelta } from './chat-answers.ts';
import type { Answer } from './http-double.ts';
import { failsMidStream, refused, sendBlock, startStream, streamed, text, toolUse } from './messages-answers.ts';

type Open = (settings: { apiKey: string; baseUrl: string; silentForMs?: number }) => ModelPort;

/** What a provider says, in whatever protocol. Arguments come in pieces. */
export type Said = { texts?: string[]; calls?: [id: string, name: string, ...json: string[]][] };

/** A protocol as the contract suite speaks it. */
export type Dialect = {
  name: string;
  open: Open;
  path: string;
  /** The usage of every whole reply. */
  usage: { input: number; output: number; cacheRead: number; cacheWrite: number };
  /** Whether a call that breaks has been counted by the provider before. */
  countsAtOnce: boolean;
  reply(stop: 'end' | 'calls' | 'length' | 'refusal', said: Said): Answer;
  begin(response: ServerResponse, text: string): void;
  refusal(kind: Refusal, headers?: Record<string, string>): Answer;
  breaks(kind: 'overloaded' | 'failed'): Answer;
};

export const refusals = {
  bad_key: 'key_rejected',
  forbidden: 'key_rejected',
  no_credit: 'key_exhausted',
  too_long: 'too_long',
  too_large: 'too_long',
  bad_field: 'bad_request',
  no_model: 'bad_request',
  too_fast: 'rate_limited',
  overloaded: 'overloaded',
  unavailable: 'overloaded',
  broken: 'network',
} as const;
export type Refusal = keyof typeof refusals;

const messagesRefusals: Record<Refusal, [number, string, string]> = {
  bad_key: [401, 'authentication_error', 'invalid x-api-key'],
  forbidden: [403, 'permission_error', 'not allowed'],
  no_credit: [400, 'invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'],
  too_long: [400, 'invalid_request_error', 'prompt is too long: 1200000 tokens > 1000000 maximum'],
  too_large: [413, 'request_too_large', 'Request exceeds the maximum size'],
  bad_field: [400, 'invalid_request_error', 'max_tokens: must be positive'],
  no_model: [404, 'not_found_error', 'model: claude-none'],
  too_fast: [429, 'rate_limit_error', 'slow down'],
  overloaded: [529, 'overloaded_error', 'Overloaded'],
  unavailable: [503, 'api_error', 'unavailable'],
  broken: [500, 'api_error', 'Internal server error'],
};

const messages: Dialect = {
  name: 'Messages API',
  open: anthropicModel,
  path: '/v1/messages',
  usage: { input: 30, output: 44, cacheRead: 700, cacheWrite: 20 },
  countsAtOnce: true,
  reply(stop, { texts = [], calls = [] }) {
    const reason = { end: 'end_turn', calls: 'tool_use', length: 'max_tokens', refusal: 'refusal' }[stop];
    const spoken = texts.length > 0 ? [text(...texts)] : [];
    return streamed(reason, ...spoken, ...calls.map((call) => toolUse(...call)));
  },
  begin(response, said) {
    startStream(response);
    if (said !== '') sendBlock(response, 0, text(said));
  },
  refusal: (kind, headers) => refused(...messagesRefusals[kind], headers),
  breaks: (kind) =>
    kind === 'overloaded' ? failsMidStream('overloaded_error', 'Overloaded') : failsMidStream('api_error', 'boom'),
};

const chatRefusals: Record<Refusal, [number, string, string | null, string]> = {
  bad_key: [401, 'invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.'],
  forbidden: [403, 'invalid_request_error', null, 'Country not supported'],
  no_credit: [429, 'insufficient_quota', 'insufficient_quota', 'You exceeded your current quota.'],
  too_long: [400, 'invalid_request_error', 'context_length_exceeded', 'The maximum context length is 400000 tokens.'],
  too_large: [400, 'BadRequestError', null, 'This model’s maximum context length is 4096 tokens.'],
  bad_field: [400, 'invalid_request_error', 'unsupported_parameter', 'Unsupported parameter: foo'],
  no_model: [404, 'invalid_request_error', 'model_not_found', 'The model gpt-none does not exist'],
  too_fast: [429, 'requests', 'rate_limit_exceeded', 'Rate limit reached'],
  overloaded: [529, 'overloaded_error', null, 'Overloaded'],
  unavailable: [503, 'server_error', null, 'The engine is currently overloaded'],
  broken: [500, 'server_error', null, 'The server had an error'],
};

function chatDeltas({ texts = [], calls = [] }: Said): ChatDelta[] {
  const called = calls.flatMap(([id, name, ...json], index): ChatDelta[] => [
    { tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] },
    ...json.map((part) => ({ tool_calls: [{ index, function: { arguments: part } }] })),
  ]);
  return [...texts.map((content) => ({ content })), ...called];
}

const chat: Dialect = {
  name: 'chat completions',
  open: openAiModel,
  path: '/chat/completions',
  usage: { input: 30, output: 1900, cacheRead: 700, cacheWrite: 20 },
  countsAtOnce: false,
  reply(stop, said) {
    const reason = { end: 'stop', calls: 'tool_calls', length: 'length', refusal: 'content_filter' }[stop];
    return chatted(reason, chatDeltas(said));
  },
  begin(response, said) {
    startChat(response);
    if (said !== '') sendDelta(response, { content: said });
  },
  refusal(kind, headers) {
    const [status, type, code, message] = chatRefusals[kind];
    return chatRefused(status, { type, code, message }, headers);
  },
  breaks: (kind) =>
    chatFailsMidStream(
      kind === 'overloaded'
        ? { type: 'overloaded_error', message: 'Overloaded' }
        : { type: 'server_error', message: 'boom' },
    ),
};

export const dialects = [messages, chat];
