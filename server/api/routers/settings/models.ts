import { getModels } from '../../../services/settings/get-models.ts';
import { modelOffer } from '../../model-offer.ts';
import { orgProcedure } from '../../trpc.ts';

export const settingsModels = orgProcedure('org:read').query(async ({ ctx }) =>
  getModels({ db: ctx.db, orgId: ctx.org.id, now: ctx.web.clock.now(), offer: await modelOffer(ctx) }),
);
