import { LLMock } from '@copilotkit/aimock';
import { ModelError, type ModelPort } from '../../../domain/ports/model.ts';
import { anthropicModel } from '../anthropic.ts';
import { readConversation, type ChatMessage, type Conversation } from './conversation.ts';
import { paginationStory } from './pagination/story.ts';
import { callsOf, nextTurn, type Story, type Turn } from './story.ts';

export type ScriptedModelServer = { baseUrl: string; stop(): Promise<void> };

/** Roughly four characters a token: the figures are the script's own, so that cost and budget have something to count. */
const tokens = (characters: number) => Math.max(1, Math.ceil(characters / 4));

function reply(turn: Turn, conversation: Conversation, messages: ChatMessage[]) {
  const toolCalls = callsOf(turn, conversation).map(({ tool, input }) => ({
    name: tool,
    arguments: JSON.stringify(input),
  }));
  const written = turn.say.length + toolCalls.reduce((sum, call) => sum + call.arguments.length, 0);
  const usage = { input_tokens: tokens(JSON.stringify(messages).length), output_tokens: tokens(written) };
  return { content: turn.say, toolCalls, usage };
}

/** The scripted model behind the port, over the protocol and by the adapter of every other one. */
export function scriptedPort({ baseUrl }: { baseUrl: string }): ModelPort {
  const port = anthropicModel({ apiKey: 'scripted', baseUrl });
  return {
    complete: (request, options) =>
      port.complete(request, options).catch((error: unknown) => {
        if (!(error instanceof ModelError) || error.fault !== 'bad_request') throw error;
        throw new ModelError('off_script', error.message);
      }),
  };
}

/**
 * Serves the scripted model over the Messages API on loopback. It knows the sample task and nothing else: any other
 * request is answered 404, which the run shows as a failure of the model.
 */
export async function scriptedModel({ port = 0, story = paginationStory }: { port?: number; story?: Story } = {}) {
  const server = new LLMock({ port, host: '127.0.0.1', logLevel: 'silent', chunkSize: 24 });
  const play = (messages: ChatMessage[]) => {
    const conversation = readConversation(messages);
    const turn = conversation && nextTurn(story, conversation);
    return conversation && turn ? { conversation, turn } : null;
  };
  server.on({ predicate: (request) => play(request.messages as ChatMessage[]) !== null }, (request) => {
    const messages = request.messages as ChatMessage[];
    const found = play(messages);
    if (!found) return { error: { message: 'The scripted model has no turn for this.' }, status: 404 };
    return reply(found.turn, found.conversation, messages);
  });
  await server.start();
  return { baseUrl: server.url, stop: () => server.stop() } satisfies ScriptedModelServer;
}
