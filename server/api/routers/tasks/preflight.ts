import { z } from 'zod';
import { preflightTask } from '../../../services/views/preflight-task.ts';
import { modelOffer } from '../../model-offer.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const tasksPreflight = orgProcedure('tasks:read')
  .input(z.object({ repoId: z.string(), title: z.string().max(300) }))
  .query(async ({ ctx, input: { repoId, title } }) => {
    const { database, placing } = ctx.web;
    return preflightTask({ ...viewQuery(ctx), offer: await modelOffer(ctx), database, placing }, { repoId, title });
  });
