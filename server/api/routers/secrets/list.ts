import { listSecrets } from '../../../services/secrets/list-secrets.ts';
import { orgProcedure } from '../../trpc.ts';

export const secretsList = orgProcedure('org:read').query(({ ctx }) => listSecrets({ db: ctx.db, orgId: ctx.org.id }));
