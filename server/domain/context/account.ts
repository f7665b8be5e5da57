import { z } from 'zod';

/** What fills a prompt, in tokens by kind of block: the bytes of each, at the rate the provider itself last counted. */
export const contextAccount = z.object({
  system: z.int(),
  tools: z.int(),
  texts: z.int(),
  thinking: z.int(),
  calls: z.int(),
  results: z.int(),
});
export type ContextAccount = z.infer<typeof contextAccount>;

/** The size in which prompts are measured here: UTF-8 bytes as JSON. */
export const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '', 'utf8');

/** Bytes a token of one prompt, as counted by the provider; null for a prompt too short to tell. */
export function rateOf({ bytes, tokens }: { bytes: number; tokens: number }): number | null {
  return tokens < 1000 ? null : Math.min(6, Math.max(1, bytes / tokens));
}
