import { getModelStatus } from '../../../services/settings/get-model-status.ts';
import { orgProcedure } from '../../trpc.ts';

export const settingsModel = orgProcedure('org:read').query(({ ctx }) =>
  getModelStatus({ db: ctx.db, orgId: ctx.org.id, environmentModelKey: ctx.web.settings.environmentModelKey }),
);
