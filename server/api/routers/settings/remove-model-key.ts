import { removeModelKey } from '../../../services/settings/remove-model-key.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const settingsRemoveModelKey = orgProcedure('org:configure').mutation(({ ctx }) =>
  removeModelKey({ ...changeDeps(ctx), environmentModelKey: ctx.web.settings.environmentModelKey }),
);
