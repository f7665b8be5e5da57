import { listRepos } from '../../../services/repos/list-repos.ts';
import { orgProcedure } from '../../trpc.ts';

export const reposList = orgProcedure('repos:read').query(({ ctx }) => listRepos({ db: ctx.db, orgId: ctx.org.id }));
