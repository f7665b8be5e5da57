import type { OrgView } from '../../../domain/views/views.ts';
import { deletionView } from '../../../services/orgs/deletion-view.ts';
import { getModelStatus } from '../../../services/settings/get-model-status.ts';
import { orgProcedure } from '../../trpc.ts';

export const orgsGet = orgProcedure('org:read').query(async ({ ctx }): Promise<OrgView> => ({
  ...ctx.org,
  role: ctx.role,
  deletion: await deletionView({ db: ctx.db, system: ctx.web.database.system }, ctx.org.id),
  model: await getModelStatus({
    db: ctx.db,
    orgId: ctx.org.id,
    environmentModelKey: ctx.web.settings.environmentModelKey,
  }),
}));
