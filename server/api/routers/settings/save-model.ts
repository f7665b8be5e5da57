import { z } from 'zod';
import { ownModel } from '../../../domain/models/model-settings.ts';
import { saveModel } from '../../../services/settings/save-model.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const settingsSaveModel = orgProcedure('org:configure')
  .input(ownModel.extend({ model: z.string().trim().min(1, 'Type the name of the model.').max(200) }))
  .mutation(({ ctx, input: { org: _org, ...model } }) => saveModel(changeDeps(ctx), model));
