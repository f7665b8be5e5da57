import { z } from 'zod';

/** Who caused an event, as the server knows it; never taken from a caller. */
export const actor = z.discriminatedUnion('type', [
  z.object({ type: z.literal('user'), userId: z.string() }),
  z.object({ type: z.literal('service-account'), serviceAccountId: z.string(), keyId: z.string() }),
  z.object({ type: z.literal('agent-run'), runId: z.string(), onBehalfOf: z.string() }),
  z.object({ type: z.literal('system'), reason: z.string() }),
]);
export type Actor = z.infer<typeof actor>;

/** Who asks for work: a person or a service account. Null for what no agent and no part of the platform may ask for itself. */
export function requesterOf(actor: Actor): string | null {
  if (actor.type === 'user') return actor.userId;
  return actor.type === 'service-account' ? actor.serviceAccountId : null;
}

/** Whose work something is; null where no person did it. */
export const authorOf = (actor: Actor) => (actor.type === 'user' ? actor.userId : null);
