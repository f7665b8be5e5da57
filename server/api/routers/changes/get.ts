import { z } from 'zod';
import { getChange } from '../../../services/views/get-change.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const changesGet = orgProcedure('runs:read')
  .input(z.object({ changeId: z.string() }))
  .query(({ ctx, input }) =>
    getChange({ ...viewQuery(ctx), codeHost: ctx.web.codeHost }, { changeId: input.changeId }),
  );
