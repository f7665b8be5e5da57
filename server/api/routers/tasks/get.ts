import { z } from 'zod';
import { getTask } from '../../../services/views/get-task.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const tasksGet = orgProcedure('tasks:read')
  .input(z.object({ taskId: z.string() }))
  .query(({ ctx, input }) => getTask(viewQuery(ctx), { taskId: input.taskId }));
