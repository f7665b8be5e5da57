import { z } from 'zod';
import { removeWebhook } from '../../../services/webhooks/change-webhook.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const webhooksRemove = orgProcedure('org:configure')
  .input(z.object({ webhookId: z.string().max(64) }))
  .mutation(({ ctx, input: { webhookId } }) => removeWebhook(changeDeps(ctx), { webhookId }));
