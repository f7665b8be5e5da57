import { z } from 'zod';
import { discardDeadLetters } from '../../../services/webhooks/send-again.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const webhooksDiscard = orgProcedure('org:configure')
  /** `deliveryId` null: all that were given up. */
  .input(z.object({ webhookId: z.string().max(64), deliveryId: z.string().max(64).nullable() }))
  .mutation(({ ctx, input }) => discardDeadLetters(changeDeps(ctx), input));
