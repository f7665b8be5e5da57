import { modelRef } from '../../../domain/models/model-settings.ts';
import { removeModel } from '../../../services/settings/save-model.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const settingsRemoveModel = orgProcedure('org:configure')
  .input(modelRef)
  .mutation(({ ctx, input: { connectionId, model } }) => removeModel(changeDeps(ctx), { connectionId, model }));
