import { z } from 'zod';

/** Who caused an event, as the server knows it; never taken from a caller. */
export const actor = z.discriminatedUnion('type', [
  z.object({ type: z.literal('user'), userId: z.string() }),
  z.object({ type: z.literal('agent-run'), runId: z.string(), onBehalfOf: z.string() }),
  z.object({ type: z.literal('system'), reason: z.string() }),
]);
export type Actor = z.infer<typeof actor>;
