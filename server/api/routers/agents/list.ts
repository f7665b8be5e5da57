import { listAgents } from '../../../services/views/list-agents.ts';
import { orgProcedure } from '../../trpc.ts';

export const agentsList = orgProcedure('org:read').query(({ ctx }) => listAgents({ db: ctx.db, orgId: ctx.org.id }));
