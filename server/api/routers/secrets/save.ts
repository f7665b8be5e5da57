import { z } from 'zod';
import { saveSecret } from '../../../services/secrets/save-secret.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const secretsSave = orgProcedure('org:configure')
  .input(
    z.object({
      /** Null: a new one. */
      secretId: z.string().nullable(),
      name: z.string().max(200),
      places: z.array(z.string().max(300)).max(100),
      header: z.string().max(1_000),
      value: z.string().max(20_000),
      inSetUp: z.boolean(),
      inRuns: z.boolean(),
      repoId: z.string().nullable(),
    }),
  )
  .mutation(({ ctx, input: { org: _org, ...entry } }) =>
    saveSecret({ ...changeDeps(ctx), secretBoxes: ctx.web.secretBoxes }, entry),
  );
