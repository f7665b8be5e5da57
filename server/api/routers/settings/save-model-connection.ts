import { z } from 'zod';
import { protocols } from '../../../domain/models/model-spec.ts';
import { saveModelConnection } from '../../../services/settings/save-model-connection.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const settingsSaveModelConnection = orgProcedure('org:configure')
  .input(
    z.object({
      name: z.string().trim().min(1, 'Give it a name.').max(60),
      protocol: z.enum(protocols),
      baseUrl: z.string().trim().min(1, 'Type the address of the API.').max(500),
      /** Empty: the provider takes none. */
      key: z.string().trim().max(500),
    }),
  )
  .mutation(({ ctx, input: { name, protocol, baseUrl, key } }) => {
    const { secretBoxes, askProvider } = ctx.web;
    const deps = { ...changeDeps(ctx), secretBoxes, askProvider, operator: ctx.viewer.operator };
    return saveModelConnection(deps, { name, protocol, baseUrl, key: key === '' ? null : key });
  });
