import { listWords } from '../../../services/audit/list-words.ts';
import { orgProcedure } from '../../trpc.ts';
import { viewQuery } from '../../view-query.ts';

export const auditWords = orgProcedure('audit:verify').query(({ ctx }) => listWords(viewQuery(ctx)));
