import { listChanges } from '../../../services/views/list-changes.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const changesList = orgProcedure('runs:read').query(({ ctx }) => listChanges(viewQuery(ctx)));
