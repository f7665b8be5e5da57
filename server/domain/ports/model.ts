import { z } from 'zod';

/** The content blocks of a reply that Fleet keeps, in the shape of the Messages API; stored verbatim, so that a replay sends the same bytes. */
export const contentBlock = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
  z.object({ type: z.literal('redacted_thinking'), data: z.string() }),
  z.object({
    type: z.literal('tool_use'),
    id: z.string(),
    name: z.string(),
    input: z.unknown(),
    /** What the provider wants back with the call, as it gave it: Gemini signs its thoughts here. */
    extra: z.record(z.string(), z.unknown()).optional(),
  }),
]);
export type ContentBlock = z.infer<typeof contentBlock>;

/** An image among a call's results. The log has where it is kept; its bytes join a request only as it is sent. */
export const resultImage = z.object({
  blobId: z.string(),
  mediaType: z.enum(['image/png', 'image/jpeg', 'image/webp', 'image/gif']),
  width: z.int().positive(),
  height: z.int().positive(),
});
export type ResultImage = z.infer<typeof resultImage>;

/** `images` stand behind the text; a result without any has no such field. */
export type ToolResultBlock = {
  type: 'tool_result';
  tool_use_id: string;
  content: string;
  images?: ResultImage[];
  is_error: boolean;
};

export type ModelMessage =
  | { role: 'user'; content: ({ type: 'text'; text: string } | ToolResultBlock)[] }
  | { role: 'assistant'; content: ContentBlock[] };

export const toolDefinition = z.object({
  name: z.string(),
  description: z.string(),
  input_schema: z.record(z.string(), z.unknown()),
});
export type ToolDefinition = z.infer<typeof toolDefinition>;

/** Tokens as the provider counted them; `input` excludes cache reads and writes. */
export const usage = z.object({
  input: z.int().nonnegative(),
  output: z.int().nonnegative(),
  cacheRead: z.int().nonnegative(),
  cacheWrite: z.int().nonnegative(),
});
export type Usage = z.infer<typeof usage>;

export const stopReasons = ['end_turn', 'tool_use', 'max_tokens', 'refusal', 'context_overflow'] as const;
export type StopReason = (typeof stopReasons)[number];

export type ModelRequest = {
  model: string;
  system: string;
  messages: ModelMessage[];
  tools: ToolDefinition[];
  maxTokens: number;
  /** The images of the messages in base64, by their blob's id. One that is not here is sent as a sentence that says so. */
  images?: ReadonlyMap<string, string>;
};

export type ModelReply = {
  model: string;
  content: ContentBlock[];
  stopReason: StopReason;
  usage: Usage;
};

export const modelFaults = [
  'key_rejected', // 401, 403: a person must change the key
  'key_exhausted', // credit or quota used up: a person must pay or change the key
  'rate_limited', // 429
  'overloaded', // 529, 503
  'too_long', // the prompt does not fit the context window
  'bad_request', // any other 4xx: a bug of ours or a wrong model name
  'off_script', // the scripted model has no turn for this
  'network', // no answer, cut mid-stream, 5xx
  'interrupted', // we stopped while the model was answering
] as const;
export type ModelFault = (typeof modelFaults)[number];

/**
 * Thrown by a ModelPort. `retryAfterMs` is set where the provider named a delay, `usage` where a call broke after the
 * provider had begun to count it.
 */
export class ModelError extends Error {
  readonly fault: ModelFault;
  readonly retryAfterMs: number | null;
  readonly usage: Usage | null;

  constructor(fault: ModelFault, message: string, retryAfterMs: number | null = null, usage: Usage | null = null) {
    super(message);
    this.name = 'ModelError';
    this.fault = fault;
    this.retryAfterMs = retryAfterMs;
    this.usage = usage;
  }
}

/** One model backend. `complete` streams text deltas to `onText` and resolves with the whole reply, or throws ModelError. */
export type ModelPort = {
  complete(
    request: ModelRequest,
    options: { signal: AbortSignal; onText?: (delta: string) => void },
  ): Promise<ModelReply>;
};
