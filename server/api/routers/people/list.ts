import { listPeople } from '../../../services/people/list-people.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const peopleList = orgProcedure('org:read').query(({ ctx }) => listPeople(viewQuery(ctx)));
