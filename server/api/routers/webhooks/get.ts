import { getWebhooks } from '../../../services/webhooks/get-webhooks.ts';
import { orgProcedure } from '../../trpc.ts';
import { viewQuery } from '../../view-query.ts';

export const webhooksGet = orgProcedure('audit:verify').query(({ ctx }) => getWebhooks(viewQuery(ctx)));
