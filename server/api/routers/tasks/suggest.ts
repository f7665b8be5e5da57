import { z } from 'zod';
import { suggestTask } from '../../../services/views/suggest-task.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const tasksSuggest = orgProcedure('tasks:read')
  .input(z.object({ repoId: z.string() }))
  .query(({ ctx, input }) => suggestTask({ ...viewQuery(ctx), codeHost: ctx.web.codeHost }, { repoId: input.repoId }));
