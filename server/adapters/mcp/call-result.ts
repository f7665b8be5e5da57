import { z } from 'zod';
import type { McpAnswer } from '../../domain/ports/mcp.ts';

const mostParts = 200;

const part = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject({ type: z.literal('image'), mimeType: z.string().default('') }),
  z.looseObject({ type: z.literal('audio'), mimeType: z.string().default('') }),
  z.looseObject({ type: z.literal('resource_link'), uri: z.string() }),
  z.looseObject({
    type: z.literal('resource'),
    resource: z.looseObject({ uri: z.string().default(''), text: z.string().optional() }),
  }),
]);

const result = z.looseObject({
  content: z.array(z.unknown()).default([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().default(false),
});

function wordsOfPart(raw: unknown): string {
  const read = part.safeParse(raw);
  if (!read.success) return '[a part that cannot be read]';
  const { data } = read;
  switch (data.type) {
    case 'text':
      return data.text;
    case 'resource_link':
      return `[a link to ${data.uri}]`;
    case 'resource':
      return data.resource.text ?? `[the resource ${data.resource.uri}, which is no text]`;
    default:
      return `[${data.type === 'image' ? 'an image' : 'sound'}, ${data.mimeType}, which is not shown]`;
  }
}

/** What a server answered, as text. Nothing in it is trusted, its shape neither. */
export function callResult(answer: unknown): McpAnswer {
  const read = result.safeParse(answer);
  if (!read.success) return { kind: 'refused', reason: 'The server gave an answer that is none. Go on without it.' };
  const { content, structuredContent, isError } = read.data;
  const parts = content.slice(0, mostParts).map(wordsOfPart);
  if (content.length > mostParts) parts.push(`[${content.length - mostParts} more parts, which are not shown]`);
  if (parts.length === 0 && structuredContent !== undefined) parts.push(JSON.stringify(structuredContent, null, 2));
  return { kind: 'answered', isError, text: parts.join('\n') };
}

/** An error of the connection in a few words, which may be the server's. */
export function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, 1_000)
    .replace(/\.$/, '');
}
