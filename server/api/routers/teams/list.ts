import { listTeams } from '../../../services/teams/list-teams.ts';
import { orgProcedure } from '../../trpc.ts';
import { viewQuery } from '../../view-query.ts';

export const teamsList = orgProcedure('org:read').query(({ ctx }) => listTeams(viewQuery(ctx)));
