import { listEnvironments } from '../../../services/views/get-environment.ts';
import { orgProcedure } from '../../trpc.ts';

export const environmentList = orgProcedure('repos:read').query(({ ctx }) =>
  listEnvironments({ db: ctx.db, orgId: ctx.org.id, now: ctx.web.clock.now() }),
);
