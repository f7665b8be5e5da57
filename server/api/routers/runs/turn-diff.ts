import { z } from 'zod';
import { getTurnDiff } from '../../../services/views/get-turn-diff.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const runsTurnDiff = orgProcedure('runs:read')
  .input(z.object({ runId: z.string(), turn: z.int().positive() }))
  .query(({ ctx, input: { runId, turn } }) =>
    getTurnDiff({ ...viewQuery(ctx), codeHost: ctx.web.codeHost }, { runId, turn }),
  );
