import { z } from 'zod';
import { restoreRepoPolicy } from '../../../services/proposals/restore-repo-policy.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const proposalsRestore = orgProcedure('org:configure')
  .input(z.object({ repoId: z.string(), version: z.int().positive(), basedOn: z.int().positive() }))
  .mutation(({ ctx, input: { repoId, version, basedOn } }) =>
    restoreRepoPolicy(changeDeps(ctx), { repoId, version, basedOn }),
  );
