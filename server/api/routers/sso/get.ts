import { getSso } from '../../../services/sso/get-sso.ts';
import { orgProcedure } from '../../trpc.ts';

export const ssoGet = orgProcedure('org:own').query(({ ctx: { db, org, web, viewer } }) =>
  getSso({ db, orgId: org.id, publicUrl: web.settings.publicUrl, provider: viewer.provider ?? null }),
);
