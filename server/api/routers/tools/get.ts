import { getToolSettings } from '../../../services/mcp/get-tool-settings.ts';
import { orgProcedure } from '../../trpc.ts';

export const toolsGet = orgProcedure('org:read').query(({ ctx }) => getToolSettings({ db: ctx.db, orgId: ctx.org.id }));
