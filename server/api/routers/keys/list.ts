import { listKeys } from '../../../services/keys/list-keys.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

export const keysList = orgProcedure('org:configure').query(({ ctx }) => listKeys(viewQuery(ctx)));
