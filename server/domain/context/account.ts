import { z } from 'zod';
import type { ModelMessage, ResultImage } from '../ports/model.ts';

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

const bytesOfImageToken = 3.5;

/** Tokens an image comes to at most, whoever counts: providers take 500 to 750 pixels a token and have a least price. */
export const imageTokensAtMost = ({ width, height }: ResultImage): number =>
  Math.max(2_000, Math.ceil((width * height) / 500));

const imagesAsBytes = (images: readonly ResultImage[] = []): number =>
  images.reduce((sum, image) => sum + Math.ceil(imageTokensAtMost(image) * bytesOfImageToken), 0);

/** A block's size, an image's being that of as many tokens of text. */
export function weightOf(block: ModelMessage['content'][number]): number {
  return bytesOf(block) + (block.type === 'tool_result' ? imagesAsBytes(block.images) : 0);
}

export function weightOfMessage(message: ModelMessage): number {
  const images = message.content.flatMap((block) => (block.type === 'tool_result' ? (block.images ?? []) : []));
  return bytesOf(message) + imagesAsBytes(images);
}

/** What a result takes: its text and its images. */
export function weightOfResult({
  text,
  images,
}: {
  text: string;
  images?: readonly ResultImage[] | undefined;
}): number {
  return bytesOf(text) + imagesAsBytes(images);
}

/** Bytes a token of one prompt, as counted by the provider; null for a prompt too short to tell. */
export function rateOf({ bytes, tokens }: { bytes: number; tokens: number }): number | null {
  return tokens < 1000 ? null : Math.min(6, Math.max(1, bytes / tokens));
}
