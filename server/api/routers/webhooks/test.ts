import { z } from 'zod';
import { testWebhook } from '../../../services/webhooks/send-again.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const webhooksTest = orgProcedure('org:configure')
  .input(z.object({ webhookId: z.string().max(64) }))
  .mutation(({ ctx, input: { webhookId } }) => testWebhook({ ...changeDeps(ctx), bus: ctx.web.bus }, { webhookId }));
