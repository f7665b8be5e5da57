import { z } from 'zod';
import { resultImage } from '../../../ports/model.ts';

const toolOutcomes = ['ok', 'error', 'denied', 'timed_out', 'lost'] as const;

/** What became of a call of a tool. */
export const toolFinished = z.object({
  turn: z.int(),
  callId: z.string(),
  tool: z.string(),
  outcome: z.enum(toolOutcomes),
  /** Exactly what the model was given. */
  text: z.string(),
  /** What it was shown besides, such as a screenshot. */
  images: z.array(resultImage).optional(),
  exitCode: z.int().nullable(),
  droppedBytes: z.int(),
  blobId: z.string().nullable(),
  durationMs: z.int(),
});
