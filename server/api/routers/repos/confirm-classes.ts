import { z } from 'zod';
import { ownClasses } from '../../../domain/scope/own-classes.ts';
import { confirmClasses } from '../../../services/repos/confirm-classes.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const reposConfirmClasses = orgProcedure('repos:connect')
  .input(z.object({ repoId: z.string(), basedOn: z.int().nonnegative(), classes: ownClasses }))
  .mutation(({ ctx, input: { repoId, basedOn, classes } }) =>
    confirmClasses(changeDeps(ctx), { repoId, basedOn, classes }),
  );
