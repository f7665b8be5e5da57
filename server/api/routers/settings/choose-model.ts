import { z } from 'zod';
import { modelRef } from '../../../domain/models/model-settings.ts';
import { chooseModels } from '../../../services/settings/choose-models.ts';
import { changeDeps } from '../../change-deps.ts';
import { modelOffer } from '../../model-offer.ts';
import { orgProcedure } from '../../trpc.ts';

export const settingsChooseModel = orgProcedure('org:configure')
  .input(
    z.object({
      /** `default`, `fallback`, or `role` with the role's name. */
      use: z.enum(['default', 'fallback', 'role']),
      role: z.string().max(100).default(''),
      ref: modelRef.nullable(),
    }),
  )
  .mutation(async ({ ctx, input: { use, role, ref } }) => {
    const deps = { ...changeDeps(ctx), offer: await modelOffer(ctx) };
    return chooseModels(deps, use === 'role' ? { use, role, ref } : { use, ref });
  });
