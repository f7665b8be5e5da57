import { listTasks } from '../../../services/views/list-tasks.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const tasksList = orgProcedure('tasks:read').query(({ ctx }) => listTasks(viewQuery(ctx)));
