import { z } from 'zod';
import { saveWebhook } from '../../../services/webhooks/save-webhook.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const webhooksSave = orgProcedure('org:configure')
  .input(
    z.object({
      /** Null: a new one. */
      webhookId: z.string().max(64).nullable(),
      url: z.string().max(2_000),
      filter: z.string().max(500),
      sendsEvents: z.boolean(),
      sendsHeads: z.boolean(),
    }),
  )
  .mutation(({ ctx, input: { org: _org, ...entry } }) => {
    const { secretBoxes, settings } = ctx.web;
    return saveWebhook({ ...changeDeps(ctx), secretBoxes, internalHosts: settings.internalHosts }, entry);
  });
