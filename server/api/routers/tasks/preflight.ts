import { z } from 'zod';
import { preflightTask } from '../../../services/views/preflight-task.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const tasksPreflight = orgProcedure('tasks:read')
  .input(z.object({ repoId: z.string(), title: z.string().max(300) }))
  .query(({ ctx, input }) =>
    preflightTask(
      {
        ...viewQuery(ctx),
        environmentModelKey: ctx.web.settings.environmentModelKey,
        database: ctx.web.database,
        placing: ctx.web.placing,
      },
      { repoId: input.repoId, title: input.title },
    ),
  );
