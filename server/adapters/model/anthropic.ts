import Anthropic from '@anthropic-ai/sdk';
import { ModelError, type ModelPort, type ModelReply, type ModelRequest } from '../../domain/ports/model.ts';
import { modelErrorOf } from './anthropic-errors.ts';
import { requestOf } from './anthropic-request.ts';
import { emptyReply, type ReplyInProgress } from './anthropic-reply.ts';

const defaultBaseUrl = 'https://api.anthropic.com';

/** A stream that says nothing for so long is dead, though nobody closed it. Thinking may be silent for minutes. */
const silenceMs = 5 * 60_000;

type Settings = { apiKey: string; baseUrl: string | null; silentForMs?: number };
type Options = Parameters<ModelPort['complete']>[1];

/** Aborts when the caller's signal does, or when `touch` has not been called for `ms`. */
function watchSilence(signal: AbortSignal, ms: number) {
  const silence = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const touch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), ms);
  };
  touch();
  return { signal: AbortSignal.any([signal, silence.signal]), touch, stop: () => clearTimeout(timer) };
}

type Call = { client: Anthropic; request: ModelRequest; options: Options; reply: ReplyInProgress; silentForMs: number };

async function stream({ client, request, options, reply, silentForMs }: Call): Promise<ModelReply> {
  const watch = watchSilence(options.signal, silentForMs);
  try {
    const events = await client.messages.create({ ...requestOf(request), stream: true }, { signal: watch.signal });
    for await (const event of events) {
      watch.touch();
      const text = reply.take(event);
      if (text !== '') options.onText?.(text);
    }
    return reply.finish();
  } finally {
    watch.stop();
  }
}

/**
 * The Messages API as a model port: streaming, cache breakpoints on the stable prefix, no retries of its own. Every failure
 * is a ModelError; one after the first event carries what the provider had counted by then.
 */
export function anthropicModel({ apiKey, baseUrl, silentForMs = silenceMs }: Settings): ModelPort {
  const client = new Anthropic({
    apiKey,
    baseURL: baseUrl ?? defaultBaseUrl,
    maxRetries: 0,
    timeout: silentForMs,
    logLevel: 'off',
  });
  return {
    async complete(request, options) {
      const reply = emptyReply(request.model);
      try {
        return await stream({ client, request, options, reply, silentForMs });
      } catch (failure) {
        if (options.signal.aborted) {
          throw new ModelError('interrupted', 'The call was cut off from our side.', null, reply.seen());
        }
        throw modelErrorOf(failure, reply.seen());
      }
    },
  };
}
