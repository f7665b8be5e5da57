import { nextMessages } from '../transcript/fold.ts';
import type { ModelMessage } from '../ports/model.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { bytesOf, weightOf, weightOfMessage, type ContextAccount } from './account.ts';

const kinds = {
  text: 'texts',
  thinking: 'thinking',
  redacted_thinking: 'thinking',
  tool_use: 'calls',
  tool_result: 'results',
} as const satisfies Record<ModelMessage['content'][number]['type'], keyof ContextAccount>;

const tokensOf = ({ bytesPerToken }: Transcript, bytes: number) => Math.ceil(bytes / bytesPerToken);

/** Tokens of the next prompt: what the provider counted last time and an estimate of what has come since. */
export function promptTokensAbout(transcript: Transcript): number {
  const { lastTokens, size } = transcript;
  const open = nextMessages(transcript)
    .slice(-1)
    .reduce((sum, message) => sum + weightOfMessage(message), 0);
  if (lastTokens > 0) return lastTokens + tokensOf(transcript, open);
  return tokensOf(transcript, size.prefix + size.closed + open);
}

/** The next prompt by kind of block. */
export function accountOf(transcript: Transcript): ContextAccount {
  const { system, definitions } = transcript;
  const account = { system: bytesOf(system), tools: bytesOf(definitions ?? []) };
  const bytes: ContextAccount = { ...account, texts: 0, thinking: 0, calls: 0, results: 0 };
  for (const { content } of nextMessages(transcript)) {
    for (const block of content) bytes[kinds[block.type]] += weightOf(block);
  }
  const entries = Object.entries(bytes).map(([kind, size]) => [kind, tokensOf(transcript, size)]);
  return Object.fromEntries(entries) as ContextAccount;
}
