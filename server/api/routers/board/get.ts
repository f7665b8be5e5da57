import { getBoard } from '../../../services/views/get-board.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const boardGet = orgProcedure('tasks:read').query(({ ctx }) => getBoard(viewQuery(ctx)));
