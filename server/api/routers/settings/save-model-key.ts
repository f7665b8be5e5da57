import { z } from 'zod';
import { saveModelKey } from '../../../services/settings/save-model-key.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const settingsSaveModelKey = orgProcedure('org:configure')
  .input(z.object({ key: z.string().trim().min(1, 'Paste the key.').max(500) }))
  .mutation(({ ctx, input }) =>
    saveModelKey(
      { ...changeDeps(ctx), secretBoxes: ctx.web.secretBoxes, checkModelKey: ctx.web.checkModelKey },
      { key: input.key },
    ),
  );
