import { z } from 'zod';
import { saveSandboxAccount } from '../../../services/engines/save-sandbox-account.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const settingsSaveSandboxAccount = orgProcedure('org:configure')
  .input(z.object({ baseUrl: z.string().max(300), template: z.string().max(300), key: z.string().max(600) }))
  .mutation(({ ctx, input: { baseUrl, template, key } }) => {
    const { secretBoxes, askSandboxService } = ctx.web;
    return saveSandboxAccount({ ...changeDeps(ctx), secretBoxes, askSandboxService }, { baseUrl, template, key });
  });
