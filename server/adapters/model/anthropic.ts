import Anthropic from '@anthropic-ai/sdk';
import type { ModelPort } from '../../domain/ports/model.ts';
import { plainAbilities, type Abilities } from './abilities.ts';
import { modelErrorOf } from './anthropic-errors.ts';
import { requestOf } from './anthropic-request.ts';
import { emptyReply } from './anthropic-reply.ts';
import { silenceMs, streamCall } from './stream-call.ts';

const defaultBaseUrl = 'https://api.anthropic.com';

type Settings = Partial<Abilities> & {
  apiKey: string;
  baseUrl: string | null;
  silentForMs?: number;
  fetch?: typeof globalThis.fetch;
};

/**
 * The Messages API as a model port: streaming, cache breakpoints on the stable prefix, no retries of its own. Every failure
 * is a ModelError; one after the first event carries what the provider had counted by then.
 */
export function anthropicModel({ apiKey, baseUrl, silentForMs = silenceMs, fetch, ...can }: Settings): ModelPort {
  const abilities = { ...plainAbilities, ...can };
  const client = new Anthropic({
    apiKey,
    baseURL: baseUrl ?? defaultBaseUrl,
    maxRetries: 0,
    timeout: silentForMs,
    logLevel: 'off',
    ...(fetch ? { fetch } : {}),
  });
  return {
    complete(request, options) {
      const open = (signal: AbortSignal) =>
        client.messages.create({ ...requestOf(request, abilities), stream: true }, { signal });
      const reply = emptyReply(request.model);
      return streamCall({ open, reply, errorOf: modelErrorOf, silentForMs }, options);
    },
  };
}
