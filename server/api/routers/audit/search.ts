import { z } from 'zod';
import { searchLog } from '../../../services/audit/search-log.ts';
import { orgProcedure } from '../../trpc.ts';
import { viewQuery } from '../../view-query.ts';

export const auditSearch = orgProcedure('audit:verify')
  .input(
    z.object({
      filter: z.string().max(1000).default(''),
      cursor: z.string().max(200).nullish(),
      limit: z.int().min(1).max(200).default(100),
    }),
  )
  .query(({ ctx, input: { filter, cursor, limit } }) =>
    searchLog(viewQuery(ctx), { filter, after: cursor ?? null, limit }),
  );
