import { z } from 'zod';
import { changeWebhookSecret } from '../../../services/webhooks/change-webhook.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const webhooksChangeSecret = orgProcedure('org:configure')
  .input(z.object({ webhookId: z.string().max(64) }))
  .mutation(({ ctx, input: { webhookId } }) =>
    changeWebhookSecret({ ...changeDeps(ctx), secretBoxes: ctx.web.secretBoxes }, { webhookId }),
  );
