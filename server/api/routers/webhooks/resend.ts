import { z } from 'zod';
import { resendDeadLetters } from '../../../services/webhooks/send-again.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const webhooksResend = orgProcedure('org:configure')
  /** `deliveryId` null: all that were given up. */
  .input(z.object({ webhookId: z.string().max(64), deliveryId: z.string().max(64).nullable() }))
  .mutation(({ ctx, input: { webhookId, deliveryId } }) =>
    resendDeadLetters({ ...changeDeps(ctx), bus: ctx.web.bus }, { webhookId, deliveryId }),
  );
