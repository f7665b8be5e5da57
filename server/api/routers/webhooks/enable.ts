import { z } from 'zod';
import { enableWebhook } from '../../../services/webhooks/change-webhook.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const webhooksEnable = orgProcedure('org:configure')
  .input(z.object({ webhookId: z.string().max(64), enabled: z.boolean() }))
  .mutation(({ ctx, input: { webhookId, enabled } }) => enableWebhook(changeDeps(ctx), { webhookId, enabled }));
