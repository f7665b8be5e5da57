import { getSandboxPlace } from '../../../services/engines/get-sandbox-place.ts';
import { orgProcedure } from '../../trpc.ts';

export const settingsSandboxes = orgProcedure('org:read').query(({ ctx }) =>
  getSandboxPlace({ db: ctx.db, orgId: ctx.org.id, placing: ctx.web.placing }),
);
