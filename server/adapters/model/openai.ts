import OpenAI, { APIConnectionError, APIError } from 'openai';
import type { ModelError, ModelFault, ModelPort, Usage } from '../../domain/ports/model.ts';
import { plainAbilities, type Abilities } from './abilities.ts';
import { noAnswer, refusalOf } from './faults.ts';
import { chatRequestOf } from './openai-request.ts';
import { emptyChatReply } from './openai-reply.ts';
import { silenceMs, streamCall } from './stream-call.ts';

const defaultBaseUrl = 'https://api.openai.com/v1';

/** The names that OpenAI and servers after its pattern give a failure, as its code or its type. */
const byName: Record<string, ModelFault> = {
  invalid_api_key: 'key_rejected',
  authentication_error: 'key_rejected',
  insufficient_quota: 'key_exhausted',
  billing_hard_limit_reached: 'key_exhausted',
  rate_limit_exceeded: 'rate_limited',
  context_length_exceeded: 'too_long',
  string_above_max_length: 'too_long',
  overloaded_error: 'overloaded',
  server_error: 'network',
};

function errorOf(failure: unknown, usage: Usage | null): ModelError {
  if (!(failure instanceof APIError) || failure instanceof APIConnectionError) return noAnswer(failure, usage);
  const { status, code, type, headers } = failure as APIError;
  const body = failure.error as { message?: unknown } | undefined;
  const words = typeof body?.message === 'string' ? body.message : failure.message.replace(/^\d{3} /, '');
  const named = byName[code ?? ''] ?? byName[type ?? ''];
  // Some name a prompt that is too long with a plain 400.
  if (named === 'too_long') return refusalOf({ status: 413, named, words, headers }, usage);
  return refusalOf({ status, named, words, headers }, usage);
}

type Settings = Partial<Abilities> & {
  apiKey: string;
  baseUrl: string | null;
  silentForMs?: number;
  fetch?: typeof globalThis.fetch;
};

/**
 * Chat completions as a model port: OpenAI, and every server after its pattern (Gemini's compatible endpoint, Ollama, vLLM).
 * The same contract as `anthropicModel`.
 */
export function openAiModel({ apiKey, baseUrl, silentForMs = silenceMs, fetch, ...can }: Settings): ModelPort {
  const { seesImages } = { ...plainAbilities, ...can };
  const baseURL = baseUrl ?? defaultBaseUrl;
  const isOpenAi = new URL(baseURL).hostname.endsWith('.openai.com');
  const client = new OpenAI({
    apiKey,
    baseURL,
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: silentForMs,
    logLevel: 'off',
    ...(fetch ? { fetch } : {}),
  });
  return {
    complete(request, options) {
      const body = chatRequestOf(request, { isOpenAi, seesImages });
      const { model, maxTokens } = request;
      const promptBytes = Buffer.byteLength(JSON.stringify(body), 'utf8');
      const reply = emptyChatReply({ model, maxTokens, promptBytes });
      const open = (signal: AbortSignal) => client.chat.completions.create(body, { signal });
      return streamCall({ open, reply, errorOf, silentForMs }, options);
    },
  };
}
