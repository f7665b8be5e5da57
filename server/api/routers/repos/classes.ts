import { z } from 'zod';
import { getClasses } from '../../../services/repos/get-classes.ts';
import { orgProcedure } from '../../trpc.ts';
import { viewQuery } from '../../view-query.ts';

export const reposClasses = orgProcedure('repos:read')
  .input(z.object({ repoId: z.string() }))
  .query(({ ctx, input: { repoId } }) => getClasses({ ...viewQuery(ctx), codeHost: ctx.web.codeHost }, { repoId }));
