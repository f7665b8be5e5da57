import { z } from 'zod';
import { newId } from '../../../db/new-id.ts';
import { createTask } from '../../../services/tasks/create-task.ts';
import { newTask } from '../../../domain/tasks/new-task.ts';
import { modelOffer } from '../../model-offer.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const tasksCreate = orgProcedure('tasks:create')
  .input(
    newTask.extend({
      /** Sent again with the same key, a form makes one task. */
      requestKey: z.string().min(8).max(100).optional(),
    }),
  )
  .mutation(async ({ ctx, input: { org: _org, requestKey, ...task } }) => {
    const { bus, codeHost, placing } = ctx.web;
    const offer = await modelOffer(ctx);
    return createTask(
      { ...changeDeps(ctx), bus, codeHost, placing, offer },
      { ...task, source: ctx.actor.type === 'user' ? 'ui' : 'api', sourceKey: requestKey ?? newId('task') },
    );
  });
