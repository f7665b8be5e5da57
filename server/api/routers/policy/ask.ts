import { accessQuestion } from '../../../domain/policy/access/question.ts';
import { askAccess } from '../../../services/policy/access/ask-access.ts';
import { orgProcedure } from '../../trpc.ts';
import { viewQuery } from '../../view-query.ts';
import { accessInput } from './access-input.ts';

export const policyAsk = orgProcedure('repos:read')
  .input(accessInput.extend({ question: accessQuestion }))
  .query(({ ctx, input }) => askAccess(viewQuery(ctx), input));
